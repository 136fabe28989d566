caps --caps old-kernel.json

caps --caps virtual.json

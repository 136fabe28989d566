caps --caps intel-6.1.json

caps --fix --caps virtual.json

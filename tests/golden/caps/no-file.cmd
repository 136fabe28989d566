caps --caps nowhere.json

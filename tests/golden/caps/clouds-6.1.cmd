caps --caps clouds-6.1.json

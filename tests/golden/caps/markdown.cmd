caps --markdown --caps clouds-6.12.json

caps --caps arm-6.12.json

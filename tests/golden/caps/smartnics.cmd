caps --caps smartnics.json

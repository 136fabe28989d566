caps --check hw --caps smartnics.json np0

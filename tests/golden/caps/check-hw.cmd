caps --check hw --caps smartnics.json np1

caps --caps bonds.json

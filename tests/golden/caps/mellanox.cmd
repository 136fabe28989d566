caps --caps mellanox.json

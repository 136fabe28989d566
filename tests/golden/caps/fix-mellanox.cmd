caps --fix --caps mellanox.json

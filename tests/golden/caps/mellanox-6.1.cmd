caps --caps mellanox-6.1.json

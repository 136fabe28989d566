plan --static --rules rules.save --caps mellanox-6.1.json 'mlx0' 'mlx1'

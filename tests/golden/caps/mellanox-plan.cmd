plan --static --rules rules.save --caps mellanox.json 'mlx0' 'mlx1' 'mlx2' 'rep0' 'old0'

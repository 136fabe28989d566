plan --static --rules rules.save --caps old-kernel.json 'bond0' 'mlx0' 'veth0' 'mystery'

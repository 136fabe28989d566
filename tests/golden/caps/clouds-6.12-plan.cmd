plan --static --rules rules.save --caps clouds-6.12.json 'ena0' 'ena1' 'ena2' 'gve0' 'gve1' 'nv0' 'mana0' 'virt0' 'virt1' 'virt2'

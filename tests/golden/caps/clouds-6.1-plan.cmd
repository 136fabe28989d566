plan --static --rules rules.save --caps clouds-6.1.json 'virt0' 'virt1' 'vmx0' 'vmx1' 'gve0' 'xen0'

plan --static --rules rules.save --caps intel-6.1.json 'i40' 'idpf0'

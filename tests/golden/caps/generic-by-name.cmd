plan --static --max generic --rules rules.save --caps clouds-6.1.json vmx0

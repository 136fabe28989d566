caps --caps rules.save

plan --classifier fastest --rules server.save absent0

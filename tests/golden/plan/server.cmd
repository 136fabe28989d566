plan --rules server.save absent0

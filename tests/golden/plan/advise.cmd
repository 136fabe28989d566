plan --advise --rules server.save absent0

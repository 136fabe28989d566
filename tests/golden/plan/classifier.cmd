plan --classifier parts --rules server.save absent0

plan --json --rules server.save absent0

plan --strict-fragments --rules server.save absent0

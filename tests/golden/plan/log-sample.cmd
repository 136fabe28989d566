plan --log-sample 10 --rules server.save absent0

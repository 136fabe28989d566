plan --log-sample 0 --rules server.save absent0

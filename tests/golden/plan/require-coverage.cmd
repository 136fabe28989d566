plan --rules server.save --require-coverage full absent0

plan --rules server.save --require hw absent0

plan --static --rules server.save --caps ../caps/smartnics.json np1

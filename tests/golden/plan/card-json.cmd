plan --json --rules raw.save --caps ../caps/smartnics.json np1

plan --rules raw.save --require native absent0

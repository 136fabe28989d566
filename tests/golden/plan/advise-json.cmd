plan --advise --json --rules raw.save absent0

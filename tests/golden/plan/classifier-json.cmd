plan --json --classifier auto --rules raw.save absent0

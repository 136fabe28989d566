plan --json --rules nothing.save absent0

plan --rules nothing.save absent0

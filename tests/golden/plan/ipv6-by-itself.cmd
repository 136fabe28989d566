plan --rules raw6.save absent0

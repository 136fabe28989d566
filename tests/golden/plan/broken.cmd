plan --rules broken.save absent0

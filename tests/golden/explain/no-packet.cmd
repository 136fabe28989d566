explain --rules raw.save --in absent0

plan --max generic --rules raw.save absent0 absent1

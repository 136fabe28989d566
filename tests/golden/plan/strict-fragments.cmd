plan --strict-fragments --rules raw.save absent0

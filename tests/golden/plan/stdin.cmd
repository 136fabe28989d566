plan --rules - absent0

explain --rules raw.save --in absent0 --packet 'udp [::1]:1 > [::2]:4000'

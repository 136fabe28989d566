explain --rules raw.save --in absent0 --packet 'udp 1.1.1.1:11211 > 5.6.7.8:4000 options'

explain --rules raw.save --in absent0 --packet 'udp 1.1.1.1:11211 > 255.255.255.255:67 broadcast'

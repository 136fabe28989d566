explain --rules raw.save --in eth0 --max generic --packet 'udp 203.0.113.5:11211 > 5.6.7.8:4000'

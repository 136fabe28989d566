explain --log-sample 10 --rules server.save --in absent0 --path input --packet 'udp 1.2.3.4:55 > 5.6.7.8:161'

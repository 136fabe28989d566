explain --rules server.save --in absent0 --packet 'tcp 192.0.2.7:55 > 5.6.7.8:22 syn'

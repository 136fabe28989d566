explain --rules server.save --in absent0 --path input --packet 'tcp 1.2.3.4:55 > 5.6.7.8:23 syn state new'

explain --rules raw.save --in absent0 --packet 'tcp 1.2.3.4:x > 5.6.7.8:22'

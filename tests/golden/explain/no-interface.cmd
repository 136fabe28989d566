explain --rules raw.save --packet 'proto 47 1.2.3.4 > 5.6.7.8'

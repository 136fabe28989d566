plan --static --rules rules.save --caps arm-6.12.json 'st0' 'mv0' 'pp0' 'vf0' 'en0' 'fec0'

explain --rules raw.save --rules6 raw6.save --in absent0 --packet 'tcp [2001:db8::1]:1 > [2001:db8::2]:23 syn'

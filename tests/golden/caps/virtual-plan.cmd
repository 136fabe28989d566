plan --static --rules rules.save --caps virtual.json 'veth0' 'veth2' 'veth3' 'tap0' 'tun0' 'lo' 'port0' 'below0' 'vlan5' 'held0' 'held1' 'new0' 'new1' 'odd;name$'

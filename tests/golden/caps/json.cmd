caps --json --caps virtual.json veth2 'odd;name$'

sample --json --pcap - eth0

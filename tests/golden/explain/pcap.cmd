explain --rules raw.save --in absent0 --pcap traffic.pcap

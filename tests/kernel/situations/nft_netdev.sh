#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# An ingress hook of nftables on eth0 counts and drops for itself, before
# iptables: what it should see it sees.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load_usual

# counted: packets that the hook has seen of ports 9 and 10.
counted() {
	in_ns host nft list chain netdev early in |
		sed -n 's/.*counter packets \([0-9]*\) .*/\1/p'
}

apply
dies "before there is a hook" peer 192.0.2.1
in_ns host nft -f - <<'NFT' || exit 1
table netdev early {
	chain in {
		type filter hook ingress device "eth0" priority 0;
		udp dport { 9, 10 } counter
		udp dport 11 drop
	}
}
NFT
moves 3 "the hook sees what iptables forbids" counted send peer 192.0.2.1 9
moves 3 "and what it accepts" counted send peer 192.0.2.1 10
accepted "while there is a hook" peer 192.0.2.1
check "apply is no error" wirewall apply --json --rules "$rules" eth0
check_says 'foreign-hooks|has-upper' "it is refused when applying again"
in_ns host nft delete table netdev early
apply
dies "when it is gone" peer 192.0.2.1

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tables of nftables beside those of iptables: one that answers (REJECT), one
# that takes packets out of tracking (NOTRACK). They are not among the rules, so
# nothing dies early unless the operator vouches for them.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load_usual

# beside SENTENCE: what holds while such a table is there.
beside() {
	check "apply is no error beside $1" \
		wirewall apply --json --rules "$rules" eth0
	check_says '"foreign-hooks"' "a table that $1 is named"
	[ -z "$(xdp_id host eth0)" ] && ok "nothing is attached beside $1" ||
		not_ok "nothing is attached beside $1"
	accepted "beside $1" peer 192.0.2.1
}

in_ns host nft -f - <<'NFT' || exit 1
table inet answers {
	chain in {
		type filter hook input priority -10;
		udp dport 9 reject
	}
}
NFT
beside "answers"
check "and answers" port_closed peer 192.0.2.1 9
in_ns host nft delete table inet answers

in_ns host nft -f - <<'NFT' || exit 1
table ip untracks {
	chain pre {
		type filter hook prerouting priority raw;
		udp dport { 9, 10 } counter notrack
	}
}
NFT
beside "untracks"
in_ns host nft delete table ip untracks

apply
dies "when they are gone" peer 192.0.2.1
check_fails "nobody answers then" port_closed peer 192.0.2.1 9

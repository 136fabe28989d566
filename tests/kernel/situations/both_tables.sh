#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tables of iptables-legacy and of iptables-nft beside one another, in both orders
# of their hooks: the host drops what either drops, and one that answers may stand
# in front of one that drops. Rules are read of one of them, so that nothing is
# attached unless the operator vouches for the other; and a program that is
# attached stops dropping when the other's tables come.

# shellcheck source=tests/kernel/situations/lib.sh
. "$(dirname "$0")/lib.sh"

# load BACKEND RULE...: a table filter with these rules in INPUT.
load() {
	local backend=$1
	shift
	{
		echo '*filter'
		printf ':%s ACCEPT [0:0]\n' INPUT FORWARD OUTPUT
		printf -- '-A INPUT -p udp -m udp %s\n' "$@"
		echo COMMIT
	} >"$scratch/$backend.rules"
	in_ns host "iptables-$backend-restore" "$scratch/$backend.rules"
}

# arrived PORT: packets that the rule of the other backend has counted.
arrived() {
	in_ns host "iptables-$other-save" -c -t filter 2>/dev/null |
		sed -n "s/^\[\([0-9]*\):.*--dport $1 .*/\1/p" | head -1
}

# refused WHEN: beside the other, the rules of one are not taken.
refused() {
	check_exit 0 "apply is no error, $1" \
		wirewall apply --rules "$scratch/$given.rules" eth0
	check_says 'iptables-legacy and iptables-nft both have tables' \
		"both are named, $1"
	[ -z "$(xdp_id host eth0)" ] && ok "nothing is attached, $1" ||
		not_ok "nothing is attached, $1"
}

# The rules that are given drop ports 9 and 11; the other's drop 12 and have 10.
beside() {
	local when="$given beside $other, which comes later"
	check "one has rules, $when" load "$given" '--dport 9 -j DROP' \
		'--dport 11 -j DROP'
	check "the program is attached, $when" wirewall apply \
		--require native --rules "$scratch/$given.rules" eth0
	moves 3 "what it drops dies early, $when" early \
		send peer 192.0.2.1 9
	check "then the other has, $when" load "$other" '--dport 9 -j REJECT' \
		'--dport 10 -j ACCEPT' '--dport 12 -j DROP'
	check "the later one stands in front and answers, $when" \
		port_closed peer 192.0.2.1 9
	moves 0 "nothing dies early any more, $when" early \
		send peer 192.0.2.1 11
	wirewall remove eth0
	refused "$when"
	check "and answers still, $when" port_closed peer 192.0.2.1 9
	# What the operator vouches for: that the other only drops or accepts.
	load "$other" '--dport 10 -j ACCEPT' '--dport 12 -j DROP'
	check "the program is attached with --accept-bypass, $when" wirewall \
		apply --accept-bypass --require native \
		--rules "$scratch/$given.rules" eth0
	moves 3 "what its rules drop dies early, $when" early \
		send peer 192.0.2.1 9
	moves 3 "what the other accepts comes, $when" "arrived 10" \
		send peer 192.0.2.1 10
	moves 3 "what the other drops is left to it, $when" "arrived 12" \
		send peer 192.0.2.1 12
}

for given in legacy nft; do
	[ $given = legacy ] && other=nft || other=legacy
	network_make || exit 1
	beside
	ip netns del host && ip netns del peer && ip netns del lan
done

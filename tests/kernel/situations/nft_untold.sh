#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rules in tables of iptables-nft of which iptables-nft-save tells half: where
# there are such, nothing that it prints is taken at its word.

# shellcheck source=tests/kernel/situations/lib.sh
. "$(dirname "$0")/lib.sh"

# arrived PORT: packets that the rule which accepts them has counted.
arrived() {
	in_ns host iptables-nft-save -c -t filter 2>/dev/null |
		sed -n "s/^\[\([0-9]*\):.*--dport $1 -j ACCEPT/\1/p" | head -1
}

# saved: what the host has, as it is printed, is given to wirewall.
saved() {
	in_ns host iptables-nft-save >"$scratch/saved.rules" 2>/dev/null
	wirewall apply --rules "$scratch/saved.rules" eth0 >/dev/null 2>&1
}

# told WHEN: the rules in the kernel are those that are printed.
told() {
	saved
	moves 3 "what is forbidden dies early $1" early send peer 192.0.2.1 9
	moves 3 "what is accepted comes $1" "arrived 10" send peer 192.0.2.1 10
}

# untold WHEN COMMAND...: the command adds a rule that is printed as a drop of
# more than it drops.
untold() {
	local when=$1
	shift
	check "a rule can be added $when" in_ns host "$@"
	saved
	grep -qE -- '-p udp (-m udp --dport 10 )?-j DROP' "$scratch/saved.rules" ||
		echo "# this iptables-nft-save tells it $when"
	moves 3 "what is accepted comes $when" "arrived 10" \
		send peer 192.0.2.1 10
	output=$(wirewall plan --rules "$scratch/saved.rules" eth0 2>&1)
	check_says "a rule in the chain INPUT" "the plan says why not $when"
	in_ns host iptables-nft -D INPUT 1
	wirewall remove eth0 >/dev/null 2>&1
}

network_make || exit 1
if ! in_ns host iptables-nft -A INPUT -p udp -m udp --dport 10 -j ACCEPT ||
	! in_ns host nft list tables >/dev/null; then
	skip "rules that are told by half" "no iptables-nft or nft here"
	exit 0
fi
in_ns host iptables-nft -A INPUT -p udp -m udp --dport 9 -j DROP
in_ns host iptables-nft -P FORWARD DROP
told "before"
untold "beside a match that stands twice" \
	iptables-nft -I INPUT -p udp -m udp --dport 9 -m udp --dport 10 -j DROP
untold "beside a set of nft" \
	nft insert rule ip filter INPUT udp dport '{ 7, 9 }' counter drop
told "when they are gone"

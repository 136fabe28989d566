#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tc takes packets off eth0 before netfilter and sends them elsewhere: below an
# attached program, too.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load_usual
in_ns lan iptables-legacy -A INPUT -p udp -m udp --dport 9 -j ACCEPT

# Frames for the lan go out by eth1 as they are, past the host's rules.
ip -n lan link set eth0 address \
	"$(in_ns host cat /sys/class/net/eth0/address)"
redirect() {
	in_ns host tc qdisc add dev eth0 clsact &&
		in_ns host tc filter add dev eth0 ingress protocol ip u32 \
			match ip dst 10.9.0.2/32 \
			action mirred egress redirect dev eth1
}

apply
dies "before there is a filter" peer 10.9.0.2 FORWARD
if ! redirect; then
	skip "packets that tc redirects" "no filter or action here"
	exit 0
fi
moves 3 "what the host forbids is redirected" "seen INPUT 9 lan" \
	send peer 10.9.0.2 9
moves 0 "and does not come to the host's rules" "seen FORWARD 9" \
	send peer 10.9.0.2 9
accepted "while there is a hook of tc" peer 192.0.2.1
in_ns host tc qdisc del dev eth0 clsact
dies "when it is gone" peer 10.9.0.2 FORWARD

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A macvlan above eth0, in a namespace of its own that has no rules: its packets
# come by eth0, and eth0's rules are not for them.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load_usual
ns_make child
in_ns child iptables-legacy -A INPUT -p udp -m udp --dport 9 -j ACCEPT

child_begin() {
	ip -n host link add child0 link eth0 type macvlan mode bridge &&
		ip -n host link set child0 netns child &&
		ip -n child link set child0 up &&
		addr child child0 192.0.2.3/24 &&
		wait_for 5 in_ns peer ping -c1 -W1 192.0.2.3
}

apply
dies "before there is a macvlan" peer 192.0.2.1
if ! child_begin; then
	skip "a macvlan in another namespace" "no macvlan here"
	exit 0
fi
moves 3 "what the rules of eth0 forbid comes to the child" \
	"seen INPUT 9 child" send peer 192.0.2.3 9
accepted "while there is a macvlan" peer 192.0.2.1
stays "while there is a macvlan" peer 192.0.2.1
ip -n child link del child0
dies "when it is gone" peer 192.0.2.1

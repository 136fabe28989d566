#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Forwarding is switched off and on again below an attached program.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
# Whether port 9 is dropped depends on the way.
rules_load <<'RULES'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 9 -j DROP
-A FORWARD -p udp -m udp --dport 9 -j ACCEPT
-A FORWARD -p udp -m udp --dport 10 -j DROP
-A INPUT -p udp -m udp --dport 10 -j ACCEPT
COMMIT
RULES
forwarding() {
	in_ns host sysctl -qw net.ipv4.ip_forward="$1"
}
forwarded() {
	moves 3 "what is forwarded and accepted comes, $1" "seen FORWARD 9" \
		send peer 10.9.0.2 9
	moves 3 "what is forwarded and forbidden dies early, $1" early \
		send peer 10.9.0.2 10
}
apply
accepted "forwarding" peer 192.0.2.1
dies "forwarding" peer 192.0.2.1
forwarded "forwarding"
forwarding 0
accepted "not forwarding" peer 192.0.2.1
dies "not forwarding" peer 192.0.2.1
forwarding 1
forwarded "forwarding again"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A whole network is local though no interface has its addresses: routing knows.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load <<'RULES'
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 10 -j ACCEPT
-A INPUT -p udp -m udp --dport 9 -j DROP
-A FORWARD -p udp -m udp --dport 10 -j DROP
COMMIT
RULES
moves 3 "without the route it is forwarded, and dropped" "seen FORWARD 10" \
	send peer 198.51.100.7 10
apply
moves 3 "without the route it dies early" early send peer 198.51.100.7 10
in_ns host ip route add local 198.51.100.0/24 dev lo
accepted "with the route" peer 198.51.100.7
stays "with the route, as no device has the address" peer 198.51.100.7
apply --static=routing
accepted "by the operator's word" peer 198.51.100.7
dies "by the operator's word" peer 198.51.100.7
apply
in_ns host ip route del local 198.51.100.0/24 dev lo table local
moves 3 "when the route is gone it dies early again" early \
	send peer 198.51.100.7 10

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Before Linux 6.2 a program cannot ask the receiving device who else takes
# packets off it: nothing is attached unless the operator vouches for that, and
# then everything works.

. "$(dirname "$0")/../lib.sh"

pair_make
rules_load <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p udp -m udp --dport 9 -j DROP
-A PREROUTING -p udp -m udp --dport 10 -j ACCEPT
-A PREROUTING -s 198.51.100.0/24 -j DROP
COMMIT
RULES
forbidden='-A PREROUTING -p udp -m udp --dport 9'
allowed='-A PREROUTING -p udp -m udp --dport 10'
foreign='-A PREROUTING -s 198.51.100.0\/24'

refused() {
	check "plan works without --static" \
		wirewall plan --json --rules "$rules" eth0
	check_says '"reason": "no-device-check"' \
		"plan gives the reason no-device-check"
	check_says 'vouch for it with --static' "plan says what to do about it"
	check "apply without --static is no error" \
		wirewall apply --rules "$rules" eth0
	check_is '' "apply without --static attaches nothing" xdp_id host eth0
	check_exit 4 "--require native fails without --static" \
		wirewall apply --require native --rules "$rules" eth0
}

attached() {
	check "apply --static attaches natively" \
		wirewall apply --static --require native --rules "$rules" eth0
	check_is "$(wirewall status --json eth0 |
		sed -n 's/.*"program": \([0-9]*\).*/\1/p')" \
		"the interface has the program that status names" \
		xdp_id host eth0
	check "the program is in the driver" \
		eval 'ip -n host link show eth0 | grep -q "xdp "'
}

filters() {
	ip -n peer addr add 198.51.100.7/32 dev lo
	ip -n host route add 198.51.100.0/24 via 192.0.2.2
	send 3 192.0.2.1 9
	send 2 192.0.2.1 10
	check "an allowed ping is answered" \
		in_ns peer ping -q -c 1 -W 5 192.0.2.1
	check_fails "a forbidden source is not answered" \
		in_ns peer ping -q -c 1 -W 1 -I 198.51.100.7 192.0.2.1
	check_is 0 "the host sees no forbidden packet" rules_seen "$forbidden"
	check_is 0 "the host sees no packet of the forbidden source" \
		rules_seen "$foreign"
	check_is 2 "the host sees the allowed packets" rules_seen "$allowed"
	check "stats works" wirewall stats eth0
	check_says '^ *3 +raw PREROUTING 1 ' "stats counts the forbidden packets"
	check_says '^ *1 +raw PREROUTING 3 ' "stats counts the forbidden source"
}

removed() {
	check "remove works" wirewall remove eth0
	check_is '' "remove leaves no program" xdp_id host eth0
	send 2 192.0.2.1 9
	check_is 2 "the host's own rule drops after remove" \
		rules_seen "$forbidden"
}

refused
attached
filters
removed

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# An ipvlan above eth0, in a namespace of its own: it has eth0's Ethernet address
# and other rules. Nothing is attached below it, and nothing is lost.

. "$(dirname "$0")/../lib.sh"

pair_make
rules_load <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p udp -m udp --dport 9 -j DROP
COMMIT
RULES
forbidden='-A PREROUTING -p udp -m udp --dport 9'

# child_seen: packets to port 9 that the child's own rule counted.
child_seen() {
	in_ns child iptables-legacy-save -c -t raw |
		sed -n 's/^\[\([0-9]*\):[0-9]*\] -A PREROUTING .*/\1/p'
}

check "it is attached before" \
	wirewall apply --static --require native --rules "$rules" eth0
send 2 192.0.2.1 9
check_is 0 "what is forbidden dies early" rules_seen "$forbidden"
wirewall remove eth0 >/dev/null

ns_make child
if ! ip -n host link add link eth0 name ipvl0 type ipvlan mode l2; then
	skip_all "an ipvlan above eth0" "no ipvlan here"
fi
check_exit 4 "nothing is attached below an ipvlan" \
	wirewall apply --static --require native --rules "$rules" eth0
check_is '' "no program is below the ipvlan" xdp_id host eth0

# In another namespace it cannot be seen from here, and before Linux 6.2 not by
# the program either: without the operator's word nothing is attached.
ip -n host link set ipvl0 netns child
ip -n child link set ipvl0 up
addr child ipvl0 192.0.2.3/24
in_ns child iptables-legacy -t raw -A PREROUTING -p udp -m udp --dport 9 \
	-j ACCEPT
check_exit 4 "nor below one in another namespace" \
	wirewall apply --require native --rules "$rules" eth0
check_is '' "no program is below the child" xdp_id host eth0
send 3 192.0.2.3 9
check_is 3 "the child gets what eth0's rules forbid" child_seen

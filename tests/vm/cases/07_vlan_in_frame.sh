#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# VLAN tags that nobody takes off: they are in the frame when a program sees it,
# which then is no packet of the rules. With and without offload, below a VLAN
# interface and without one.

. "$(dirname "$0")/../lib.sh"

pair_make
if ! ip -n host link add link eth0 name eth0.5 type vlan id 5 ||
	! ip -n peer link add link eth0 name eth0.5 type vlan id 5; then
	skip_all "tags that stay in the frame" "no 8021q here"
fi
for ns in host peer; do
	ip -n $ns link set eth0.5 up
done
addr host eth0.5 203.0.113.1/24
addr peer eth0.5 203.0.113.2/24
rules_load <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -i eth0 -p udp -m udp --dport 9 -j DROP
-A PREROUTING -i eth0.5 -p udp -m udp --dport 9 -j ACCEPT
COMMIT
RULES
untagged='-A PREROUTING -i eth0 '
tagged='-A PREROUTING -i eth0.5 '

send 2 203.0.113.1 9
check_is 2 "without a program the VLAN gets its packets" rules_seen "$tagged"

in_ns peer ethtool -K eth0 txvlan off >/dev/null 2>&1
check "the sender leaves tags in the frame" \
	eval "in_ns peer ethtool -k eth0 | grep -q '^tx-vlan-offload: off'"
check "the operator vouches for eth0's rules" wirewall apply --static \
	--accept-bypass --require native --rules "$rules" eth0
send 2 203.0.113.1 9
check_is 4 "a tag in the frame keeps the packet from the program" \
	rules_seen "$tagged"
send 2 192.0.2.1 9
check_is 0 "what has no tag dies early" rules_seen "$untagged"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A VLAN interface above eth0: the driver takes the tag off before a program sees
# the packet, so it looks like one of eth0 itself. Nothing is attached to eth0
# then, unless the operator vouches for its rules being right for both.

. "$(dirname "$0")/../lib.sh"

pair_make
for ns in host peer; do
	if ! ip -n $ns link add link eth0 name eth0.5 type vlan id 5; then
		skip_all "a VLAN interface above eth0" "no 8021q here"
	fi
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

check_exit 4 "nothing is attached below a VLAN interface" \
	wirewall apply --require native --rules "$rules" eth0
send 2 203.0.113.1 9
check_is 2 "the host sees what is for its VLAN" rules_seen "$tagged"

check "plan --static works" wirewall plan --json --static --rules "$rules" eth0
check_says '"reason": "has-upper"' "plan gives the reason has-upper"
check_says 'eth0.5 \(vlan\) stands on eth0' "plan names the interface"
check_exit 4 "--static does not vouch for a VLAN that is there" \
	wirewall apply --static --require native --rules "$rules" eth0

check "--accept-bypass attaches below a VLAN interface" \
	wirewall apply --static --accept-bypass --require native --rules "$rules" eth0
check "plan --accept-bypass works" \
	wirewall plan --static --accept-bypass --rules "$rules" eth0
check_says '^receivers +pinned +nobody else takes packets off the interface' \
	"plan --accept-bypass says what the operator vouches for"
send 2 192.0.2.1 9
check_is 0 "--accept-bypass drops what is forbidden on eth0" \
	rules_seen "$untagged"
send 2 203.0.113.1 9
check_is 2 "and the same packets of a VLAN" rules_seen "$tagged"
check "stats works" wirewall stats eth0
check_says '^ *4 +raw PREROUTING 1 ' "stats counts both"

check "remove works" wirewall remove eth0
send 2 203.0.113.1 9
check_is 4 "the host sees what is for its VLAN again" rules_seen "$tagged"

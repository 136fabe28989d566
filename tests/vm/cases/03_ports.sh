#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A port of another interface is refused: what takes its packets does so before
# the firewall (soundness.md 2.2.7). --static does not help.

. "$(dirname "$0")/../lib.sh"

pair_make
rules_load <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p udp -m udp --dport 9 -j DROP
COMMIT
RULES

# port_of NAME TYPE [OPTION...]: eth0 as a port of such an interface.
port_of() {
	local name=$1 type=$2
	if ! ip -n host link add "$name" type "$type" "${@:3}"; then
		skip "a port of a $type is refused" "no $type here"
		return
	fi
	ip -n host link set eth0 down
	ip -n host link set eth0 master "$name"
	ip -n host link set eth0 up
	ip -n host link set "$name" up
	check "plan of a port of a $type works" \
		wirewall plan --json --static --rules "$rules" eth0
	check_says '"reason": "has-master"' "a port of a $type has a master"
	check_says "eth0 is a port of $name" "plan names the $type"
	check_exit 4 "a port of a $type is refused natively" \
		wirewall apply --static --require native --rules "$rules" eth0
	check_is '' "no program is on the port of a $type" xdp_id host eth0
	ip -n host link set eth0 nomaster
	ip -n host link del "$name"
}

port_of bond0 bond mode active-backup
port_of br0 bridge
port_of red vrf table 10
port_of team0 team

ip -n host link set eth0 up
check "eth0 is accepted again when it is nobody's port" \
	wirewall apply --static --require native --rules "$rules" eth0

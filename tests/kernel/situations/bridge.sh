#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# eth0 becomes the port of a bridge below an attached program: what comes by is
# for others behind the bridge.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load_usual
ns_make other
veth_make host eth2 other eth0 || exit 1
addr other eth0 192.0.2.9/24
in_ns other iptables-legacy -A INPUT -p udp -m udp --dport 9 -j ACCEPT

apply
dies "before it is a port" peer 192.0.2.1
if ! ip -n host link add br0 type bridge; then
	skip "a port of a bridge" "no bridge here"
	exit 0
fi
# Bridged packets are not for iptables (br_netfilter, where it is there).
in_ns host sysctl -qw net.bridge.bridge-nf-call-iptables=0 2>/dev/null
ip -n host link set br0 up
ip -n host addr flush dev eth0
addr host br0 192.0.2.1/24
ip -n host link set eth2 master br0
ip -n host link set eth0 master br0
check "the bridge leads on" wait_for 10 in_ns peer ping -c1 -W1 192.0.2.9
moves 3 "what the host forbids comes to others" "seen INPUT 9 other" \
	send peer 192.0.2.9 9
accepted "by the bridge" peer 192.0.2.1
stays "by the bridge" peer 192.0.2.1
check "apply is no error" wirewall apply --json --rules "$rules" eth0
check_says '"has-master"' "a port of a bridge is refused when applying again"
ip -n host link set eth0 nomaster
ip -n host link del br0
addr host eth0 192.0.2.1/24
# The bridge had the address, perhaps with another port's MAC.
in_ns peer ip neigh flush all
apply
dies "when it is no port any more" peer 192.0.2.1

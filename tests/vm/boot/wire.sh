#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# host (eth0, 192.0.2.1)    <---- veth ----> peer (eth0, 192.0.2.2)
#      (eth1, 198.51.100.1) <---- veth ---->      (eth1, 198.51.100.2)

set -e

# wire IF HOST PEER
wire() {
	ip link add "$1" type veth peer name "$1" netns peer
	ip link set "$1" up
	ip -n peer link set "$1" up
	ip addr add "$2/24" dev "$1"
	ip -n peer addr add "$3/24" dev "$1"
}

ip netns add peer
ip -n peer link set lo up
wire eth0 192.0.2.1 192.0.2.2
wire eth1 198.51.100.1 198.51.100.2

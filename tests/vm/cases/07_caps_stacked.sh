#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Bonds in their modes, dummy, VLAN, VRF: what caps predicts is what apply
# reaches and what the kernel says.
#
# guest-files: tests/lib/caps.sh build/tests/hw/objects/pass.bpf.o

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../../lib/caps.sh"

no_native="driver does not support XDP in native mode"

# bond MODE [OPTION...]: bond0 over two veths, up.
bond() {
	local i
	ip -n host link del bond0 2>/dev/null
	if ! ip -n host link add bond0 type bond mode "$@"; then
		skip "a bond in mode $1" "this kernel has none"
		return 1
	fi
	for i in 1 2; do
		ip -n host link set eth$i down
		ip -n host link set eth$i master bond0
	done
	ip -n host link set bond0 up
}

pair_make
for i in 1 2; do
	veth_make host eth$i peer eth$i
done
caps_begin

for mode in balance-rr balance-xor 802.3ad; do
	bond "$mode" && foresee "a bond in mode $mode" bond0 native &&
		check "a bond in mode $mode: the kernel takes a program" \
			test -z "$(refused bond0 xdpdrv)"
done
bond active-backup && agree "a bond in mode active-backup" bond0 native
for mode in balance-alb broadcast; do
	bond "$mode" && foresee "a bond in mode $mode" bond0 generic bond-mode \
		"No native XDP support for the current bonding mode"
done
bond balance-tlb && agree "a bond in mode balance-tlb" bond0 generic bond-mode \
		"No native XDP support for the current bonding mode"
bond 802.3ad xmit_hash_policy vlan+srcmac &&
	foresee "a bond that hashes by vlan+srcmac" bond0 generic bond-mode \
		"No native XDP support for the current bonding mode"
wirewall caps --fix bond0 >"$scratch/fix.sh"
check "its fix runs" in_ns host sh "$scratch/fix.sh"
agree "the bond after the fix" bond0 native
foresee "a port of it" eth1 none has-master

if bond active-backup && ip -n host link add dummy0 type dummy; then
	ip -n host link set dummy0 master bond0
	agree "a bond with a port without XDP" bond0 generic bond-port \
		"Slave device does not support XDP"
	# shellcheck disable=SC2034 # for check_says
	output=$(wirewall caps bond0)
	check_says "ip link set dev dummy0 nomaster" "the port is named"
	ip -n host link set dummy0 nomaster
	agree "a dummy" dummy0 generic no-native "$no_native"
fi
ip -n host link del bond0
for i in 1 2; do
	ip -n host link set eth$i up
done

if ip -n host link add eth1.5 link eth1 type vlan id 5; then
	ip -n host link set eth1.5 up
	agree "a VLAN" eth1.5 generic no-native "$no_native"
	foresee "what a VLAN stands on" eth1 none has-upper
	ip -n host link del eth1.5
fi
if ip -n host link add red type vrf table 10; then
	ip -n host link set red up
	ip -n host link set eth2 master red
	foresee "a port of a VRF" eth2 none has-master
	ip -n host link set eth2 nomaster
fi
ip -n peer link set eth0 mtu 9000
agree "a veth whose peer has jumbo frames" eth0 native

# What an operator knows better, and what is no such file.
mkdir -p /etc/wirewall/nicdb.d
printf 'driver veth\nsource mine\nnative 5.0\nneed mtu <= 1000\nreason mtu-too-large\n' \
	>/etc/wirewall/nicdb.d/mine.conf
agree "a veth of which /etc/wirewall/nicdb.d knows better" eth0 generic \
	mtu-too-large
printf 'speed fast\n' >>/etc/wirewall/nicdb.d/mine.conf
caps_of eth0
# shellcheck disable=SC2034 # for check_says
output=$caps
check_says "warning: .*mine.conf: line 6: .* ignored" "an error names its line"
check_says '"recommended": "native"' "and all of the file is ignored"

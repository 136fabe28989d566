#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What caps predicts is what apply reaches and what the kernel says, for every
# kind of interface that this kernel has.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../lib/caps.sh"

# made NAME COMMAND...: `ip -n host link add NAME ...`, up; a SKIP otherwise.
made() {
	local name=$1
	shift
	if ! output=$(ip -n host link add "$name" "$@" 2>&1); then
		skip "$name" "this machine refuses: $output"
		return 1
	fi
	ip -n host link set "$name" up
}

no_native="driver does not support XDP in native mode|not supported"

veth_states() {
	agree "a veth" eth0 native
	ip -n peer link set eth0 mtu 9000
	agree "a veth whose peer has jumbo frames" eth0 native
	output=$(refused eth0 xdpdrv)
	check_says "Peer MTU is too large" \
		"only a program without frags is refused"
	ip -n peer link set eth0 mtu 1500

	ip link add few netns host numrxqueues 1 type veth \
		peer name many netns peer numtxqueues 4
	ip -n host link set few up
	ip -n peer link set many up
	in_ns peer ethtool -L many tx 4
	agree "a veth with too few queues" few generic queues \
		"number of rx queues not less than peer tx queues"
	output=$(wirewall caps --fix few)
	check_says "^	ip netns exec peer ethtool -L many tx 1$" \
		"its fix has the names and numbers of here"
	check_exit 4 "the gate is shut" wirewall caps --check native few
	check_says "few: after-fix, queues" "and says why"
	wirewall caps --fix few >"$scratch/fix.sh"
	check "the script runs" sh "$scratch/fix.sh"
	agree "the same one after the fix" few native
	check "the gate is open" wirewall caps --check native few
	check "the undo runs" sh "$scratch/fix.sh" undo
	agree "and after the undo" few generic queues
	check "what was undone is as it was" sh -c \
		"ip netns exec peer ethtool -l many | tail -n 4 | grep -q 'TX:.*4'"
}

taps() {
	if ! ip -n host tuntap add dev tap0 mode tap 2>/dev/null; then
		skip "tap and tun" "this machine has no tun"
		return
	fi
	ip -n host tuntap add dev tun0 mode tun
	ip -n host link set tap0 up
	ip -n host link set tun0 up
	agree "a tap" tap0 native
	agree "a tun" tun0 none not-ethernet
	output=$caps
	check_says '"bus": "tun"' "the same driver, told apart by its bus"
}

uppers() {
	made mac0 link eth1 type macvlan mode bridge &&
		agree "a macvlan" mac0 generic no-native "$no_native"
	agree "what a macvlan stands on" eth1 none has-upper
	ip -n host link del mac0
	made mtap0 link eth1 type macvtap &&
		agree "a macvtap" mtap0 generic no-native "$no_native"
	ip -n host link del mtap0
	made vx0 type vxlan id 7 dstport 4789 remote 192.0.2.9 dev eth1 &&
		agree "a vxlan" vx0 generic no-native "$no_native"
	agree "what a vxlan sends by" eth1 native
}

bridges() {
	made br0 type bridge || return
	agree "a bridge" br0 generic no-native "$no_native"
	ip -n host link set eth2 master br0
	agree "a port of a bridge" eth2 none has-master
	output=$(wirewall caps --markdown eth2)
	check_says "fix: \`\`ip link set dev eth2 nomaster\`\`" \
		"the fix names the port"
	ip -n host link set eth2 nomaster
}

others() {
	made ifb0 type ifb &&
		agree "an ifb" ifb0 generic no-native "$no_native"
	agree "the loopback interface" lo none loopback
	check_exit 3 "an interface that is not there is status 3" \
		wirewall caps eth9
	check_says 'no interface "eth9"' "and is named"
	check "caps without a name asks all of them" wirewall caps
	check_says "^tap0|^eth0" "and lists them"
}

# What is asked changes nothing, told by the kernel's own notices; that these
# would come is shown by a change at the end.
watched() {
	local monitor programs
	in_ns host ip monitor link address route nsid >"$scratch/monitor" 2>&1 &
	monitor=$!
	sleep 0.3
	programs=$(ip -n host -j link show)
	wirewall caps >/dev/null
	wirewall caps --json --check native eth0 >/dev/null 2>&1
	wirewall caps --fix >/dev/null
	wirewall plan --rules "$scratch/caps.rules" eth0 eth1 eth2 lo >/dev/null
	wirewall plan --json --rules "$scratch/caps.rules" few >/dev/null
	check "no interface is another one after caps and plan" \
		test "$programs" = "$(ip -n host -j link show)"
	ip -n host link set eth0 mtu 1400
	wait_for 5 grep -q "mtu 1400" "$scratch/monitor"
	kill "$monitor"
	wait "$monitor" 2>/dev/null
	output=$(cat "$scratch/monitor")
	check_says "mtu 1400" "a change is noticed"
	check "caps and plan are not: the kernel had nothing to tell" \
		test "$(grep -c '^[0-9D]' "$scratch/monitor")" -eq 1
	ip -n host link set eth0 mtu 1500
}

ns_make host peer || exit 1
for i in 0 1 2; do
	veth_make host eth$i peer eth$i || exit 1
done
caps_begin
veth_states
taps
uppers
bridges
others
watched

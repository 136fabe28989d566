#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The simulated card: packets pass the program on it, it counts them, and it fails
# as a card would. What the tests of the hardware tier rest on.
#
# guest-files: build/hw/nfp.ko tests/hw/lib.sh tests/hw/cards.txt
# guest-files: build/tests/hw/objects/pass.bpf.o build/tests/hw/objects/drop.bpf.o
# guest-files: build/tests/hw/objects/count_drop_udp.bpf.o

. "$(dirname "$0")/../lib.sh"

# The wire's other end.
connect() {
	ns_make peer
	ip link set wire0 netns peer
	ip -n peer link set wire0 up
	addr peer wire0 192.0.2.2/24
	ip addr add 192.0.2.1/24 dev nfp0
}

replies() {
	in_ns peer ping -q -c "$1" -i 0.01 -W 1 192.0.2.1
}

send_udp() {
	local i
	for ((i = 0; i < $1; i++)); do
		in_ns peer bash -c 'echo packet >/dev/udp/192.0.2.1/9'
	done
}

received() {
	awk '/Udp: [0-9]/ { print $2 + $3 }' /proc/net/snmp
}

passes_and_drops() {
	local before
	check "without a program ping is answered" replies 3
	check "a program is loaded for the card" load count nfp0 count_drop_udp
	check "it is attached" attach xdpoffload count nfp0
	check "the kernel shows it as on the card" \
		eval 'ip link show nfp0 | grep -q xdpoffload'
	check "ping is answered through it" replies 3
	before=$(received)
	send_udp 5
	check_is "$before" "UDP was dropped on the card" received
	check_is 5 "the card counted it" counter count counters 1
	check "a driver program beside it" eval 'load drop - drop &&
		attach xdpdrv drop nfp0'
	check_fails "sees what the card lets pass" replies 1
	send_udp 1
	check_is 6 "and the card counts as before" counter count counters 1
	check "the driver program goes alone" detach xdpdrv nfp0
	check "exec=0: the card runs nothing" fault exec 0
	send_udp 2
	check_is $((before + 2)) "and UDP arrives" received
	fault exec 1
	check "the program goes" detach xdpoffload nfp0
	check "ping is answered without it" replies 1
	unload count drop
}

refuses() {
	load pass nfp0 pass
	load count nfp0 count_drop_udp
	fault fault_reconfig 5
	check_fails "a card that fails to configure itself takes no program" \
		attach xdpoffload pass nfp0
	check_says 'Input/output error' "and says EIO"
	fault fault_reconfig 0
	fault fault_map_rc 6
	check_fails "a card without memory makes no map" \
		load other nfp0 count_drop_udp
	check_says 'Cannot allocate memory|-12' "and says ENOMEM"
	fault fault_map_rc 0
	fault fault_mute 1
	check_fails "a mute card does not read its maps" \
		bpftool map lookup pinned /sys/fs/bpf/count-maps/counters \
		key 0 0 0 0
	check_says 'Connection timed out' "and says ETIMEDOUT"
	fault fault_mute 0
	unload pass count
}

is_another_card() {
	check "a card without live reload" card_insert c_relo=0
	load pass nfp0 pass && load drop nfp0 drop && attach xdpoffload pass nfp0
	check_fails "does not replace a running program" \
		attach xdpoffload drop nfp0 overwrite
	check_says 'Device or resource busy|live reload' "and says EBUSY"
	detach xdpoffload nfp0
	unload pass drop

	check "a card with other firmware" card_insert firmware=nic
	check_is nic "names it last in the firmware's version" eval \
		'ethtool -i nfp0 | sed -n "s/^firmware-version: .* //p"'
	check_fails "and loads no program" load pass nfp0 pass

	check "a card with a small code store" card_insert small max_len=40
	check "loads a small program" load pass nfp0 pass
	check_fails "but none that is too long" load count nfp0 count_drop_udp
	check "and the kernel's log says so" \
		eval 'dmesg | grep -q "instruction limit reached (40 NFP"'
	unload pass
	check "the card goes" card_remove
}

check "the card is there" card_insert typical
connect
passes_and_drops
refuses
is_another_card

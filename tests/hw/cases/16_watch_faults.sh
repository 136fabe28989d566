#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The watcher with a card that refuses, and with one that goes elsewhere: under another
# name, in another network namespace, in one that nobody finds. What may be wrong
# is stopped where it is, what cannot be stopped is said, and not given up.
#
# guest-files: build/hw/nfp.ko tests/hw/lib.sh tests/hw/cards.txt tests/hw/host.sh
# guest-files: tests/lib/said.sh tests/hw/watch.sh

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../host.sh"
. "$top/tests/lib/said.sh"
. "$(dirname "$0")/../watch.sh"

# Nobody takes the old program off: it is stopped where it is.
is_refused() {
	felt "a change is felt on a card that refuses everything" '' \
		refuse_and_change
	expect "the refusal is told" tier-not-had 'nfp0: not hw: .*FW'
	expect "and the driver has it all" applied 'nfp0: native'
	check_is "xdpdrv xdpoffload" "the old program has to stay" modes
	wirewall stats nfp0 >"$scratch/stats"
	fault fault_reconfig 0
	expect "a better tier is tried again" retry nfp0
	again "and had"
	iptables-nft -D INPUT 2
	expect "without that rule" rules-changed nfp0
	again "it is had as well"
}
refuse_and_change() {
	fault fault_reconfig 5
	iptables-nft -A INPUT -p udp --dport 9 -j DROP
}

# Neither stopped nor taken off: that is said. Asked once more the driver says that it
# has been taken off, and does not ask the card: docs/operations.md.
is_stubborn() {
	calm
	forget
	fault fault_map_rc 6
	refuse_and_change
	expect "a card that cannot be stopped is told" not-stopped \
		'nfp0: .*load the driver of its interface anew'
	expect "when the driver says that it is empty, native has it all" \
		applied 'nfp0: native'
	fault fault_map_rc 0
	fault fault_reconfig 0
	again "the card is filled again"
	iptables-nft -D INPUT 2
	again "and again"
}

rename() {
	ip link set nfp0 down && ip link set nfp0 name wan0 &&
		ip link set wan0 up
}

is_renamed() {
	felt "an interface that loses its name drops nothing" '' rename
	expect "which is told" gone nfp0
	expect "one without a section loses its program" detached wan0
	ip link set wan0 down && ip link set wan0 name nfp0 &&
		ip link set nfp0 up
	again "with its name it gets the card back"
}

# settle NS: with its address it takes packets there.
settle() {
	within "$1" ip addr add 192.0.2.1/24 dev nfp0 &&
		within "$1" ip link set nfp0 up
}

move() {
	ip link set nfp0 netns "$1" && settle "$1"
}

move_unstoppable() {
	fault fault_map_rc 6
	move "$1"
}

# modes_in NS
modes_in() {
	within "$1" bash -c 'scratch=; . "$0/tests/hw/host.sh"; modes' "$top"
}

# come_back NS SENTENCE
come_back() {
	within "$1" ip link set nfp0 netns 1
	ip addr add 192.0.2.1/24 dev nfp0
	ip link set nfp0 up
	ip neigh replace 192.0.2.2 dev nfp0 lladdr "$(mac_of -n peer wire0)"
	again "$2"
	calm
}

is_moved() {
	ns_make other
	in_ns other iptables-nft -t raw -A PREROUTING -p udp --dport 7 \
		-j ACCEPT
	felt "an interface that moves away drops nothing there" other move other
	expect "which is told" gone nfp0
	check_is "xdpdrv xdpoffload" "both programs are stopped where they are" \
		modes_in other
	come_back other "back again it gets the card back"
	felt "nor does one whose card cannot be stopped" other \
		move_unstoppable other
	check_is xdpdrv "which is emptied there" modes_in other
	fault fault_map_rc 0
	come_back other "back again it is filled again"
}

# A network namespace that has no name here, and no process.
hide() {
	unshare --mount bash -c ': >"$0" && unshare --net="$0" true &&
		sleep 1000' "$scratch/hidden" &
	hidden=/proc/$!/root$scratch/hidden
}
is_there() {
	nsenter --net="$hidden" true
}

is_hidden_away() {
	local before
	hide
	check "there is a namespace that nobody finds" wait_for 30 is_there
	nsenter --net="$hidden" iptables-nft -t raw -A PREROUTING -p udp \
		--dport 7 -j ACCEPT
	forget
	fault fault_map_rc 6
	ip link set nfp0 netns "$hidden"
	expect "what cannot be found there is told" not-stopped 'inode .* lsns'
	settle "$hidden"
	before=$(arrived "$hidden")
	fault fault_map_rc 0
	check "and is stopped when it can be" \
		wait_for 20 has_more "$hidden" "$before"
	come_back "$hidden" "back again it gets the card back"
}

check "the card is there" card_insert typical
modprobe nf_conntrack
host_connect
begins
is_refused
is_stubborn
is_renamed
is_moved
is_hidden_away
ends

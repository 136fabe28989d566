#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The watcher with a card, while packets flow: whatever changes, what the card
# drops stops when it may be wrong, also when the interface has another name or
# is somewhere else by then, and comes back to the card when it can. How long that
# took is told, not judged (but for a bound that is far away).
#
# guest-files: build/hw/nfp.ko tests/hw/lib.sh tests/hw/cards.txt tests/hw/host.sh
# guest-files: tests/lib/said.sh tests/hw/watch.sh

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../host.sh"
. "$top/tests/lib/said.sh"
. "$(dirname "$0")/../watch.sh"

rules_change() {
	felt "a rule in front of it is felt" '' \
		iptables-nft -I INPUT -p udp --dport 7 -j ACCEPT
	expect "and told" rules-changed nfp0
	expect "nothing is left to drop" detached nfp0
	iptables-nft -D INPUT 1
	again "without that rule it is on the card again"
}

addresses_change() {
	local before
	before=$(programs)
	felt "an address that comes stops the card" '' \
		ip addr add 192.0.2.5/24 dev nfp0
	expect "and is told" addresses-changed nfp0
	again "which drops again when planned anew"
	check_fails "in other programs" test "$before" = "$(programs)"
	felt "one that goes, too" '' ip addr del 192.0.2.5/24 dev nfp0
	expect "and is told" addresses-changed nfp0
	again "and again"
}

is_succeeded() {
	local before
	before=$(programs)
	kill -KILL "$watcher"
	wait "$watcher" 2>/dev/null
	check_is "$before" "a watcher that dies leaves what filters" programs
	forget
	watch
	expect "another one takes its place" resumed nfp0
	check_is "$before" "and changes nothing" programs
	again "packets die on the card all the time"
}

is_emptied() {
	forget
	ip link set dev nfp0 xdpoffload off
	expect "a card emptied by hand is told" card-removed nfp0
	sleep 1
	check_is xdpdrv "and not fought for" modes
	kill -HUP "$watcher"
	again "a reload fills it again"
}

is_reset() {
	forget
	check "the card goes" card_remove
	expect "which is told" gone nfp0
	card_insert
	expect "come back it has no address to drop for" tier-not-had nfp0
	host_connect
	expect "which is noticed when it has" retry nfp0
	again "and fills it again"
}

check "the card is there" card_insert typical
modprobe nf_conntrack
host_connect
begins
rules_change
addresses_change
is_succeeded
is_emptied
is_reset
ends

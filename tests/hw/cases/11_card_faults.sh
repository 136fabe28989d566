#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a card does wrong: the driver's program stands, the reason is the driver's
# own sentence, and an old policy never stays beside a new one.
#
# guest-files: build/hw/nfp.ko tests/hw/lib.sh tests/hw/cards.txt tests/hw/host.sh

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../host.sh"

# falls_back WORDS SENTENCE: applying comes down to native, and says so.
falls_back() {
	check "$2: applied all the same" apply
	check_says "not hw: .*$1" "$2: in the driver's words"
	check_is xdpdrv "$2: native alone" modes
	check "$2: off again" wirewall off
}

at_load() {
	fault fault_reconfig 5
	falls_back 'FW command error while loading BPF' "EIO at load"
	fault fault_reconfig 0
	fault fault_map_rc 6
	falls_back 'Cannot allocate memory' "ENOMEM on maps"
	fault fault_map_rc 0
	fault fault_mute 1
	falls_back 'Connection timed out' "a mute card"
	fault fault_mute 0
}

# The old program is for 7, the new one is for 9.
begin_change() {
	rules_make '-p udp -m udp --dport 7 -j DROP'
	check "$1: a policy is applied" apply
	before=$(programs)
	rules_make '-p udp -m udp --dport 7 -j ACCEPT' \
		'-p udp -m udp --dport 9 -j DROP'
}

# The new policy stands in the driver, and nothing else drops.
is_new_alone() {
	local before
	before=$(host_saw 7)
	send_to 7 2
	send_to 9 3
	check_is "$((before + 2)) 0" "$1: nothing drops for the old one" \
		eval 'echo "$(host_saw 7) $(host_saw 9)"'
}

refuses_another() {
	local before
	begin_change "refused"
	fault fault_load 5
	check "refused: another one is applied all the same" apply
	check_says 'not hw: .*FW command error' "refused: in the driver's words"
	check_is xdpdrv "refused: the old one was taken off" modes
	is_new_alone "refused"
	fault fault_load 0
}

holds_on() {
	local before
	begin_change "held"
	fault fault_reconfig 5
	check "held: another one is applied all the same" apply
	check_says 'not hw: .*FW command error' "held: in the driver's words"
	check_says 'stays on the card, where it is stopped' \
		"held: and what becomes of the old one is told"
	check_is "xdpdrv xdpoffload" "held: it is still there" modes
	is_new_alone "held"
	check "held: status" wirewall status nfp0
	check_says 'stopped since' "held: knows that it is stopped"
	fault fault_reconfig 0
	check "held: when the card lets go" apply
	send_to 9 2
	# The driver's program stands since it dropped three.
	check_is "5 2" "held: the new one drops there" dropped 9
}

is_off_all_the_same() {
	local before
	begin_change "off"
	fault fault_reconfig 5
	check_exit 3 "off: what the card holds is not taken off" wirewall off
	check_says 'is stopped there' "off: and what is done instead is told"
	check_is xdpoffload "off: it is there alone" modes
	send_to 7 2
	check_is 2 "off: and drops nothing" host_saw 7
	fault fault_reconfig 0
	check "off: when the card lets go" wirewall off
	check_is "" "off: it has gone" modes
}

cannot_be_stopped() {
	local before
	begin_change "unstopped"
	fault fault_reconfig 5
	fault fault_map_rc 6
	check_exit 3 "unstopped: nothing new is put beside it" apply
	check_is "$before" "unstopped: the old policy stands at both places" \
		programs
	fault fault_map_rc 0
	fault fault_reconfig 0
	check "unstopped: when it can be" apply
	check_is "xdpdrv xdpoffload" "unstopped: the new one is there" modes
}

# On none that fails later than the card the old one is left stopped.
is_rolled_back() {
	local before
	begin_change "rolled back"
	fault fault_reconfig 5
	check_exit 4 "rolled back: where hw is required" apply --require hw
	check_is "$before" "rolled back: the old policy stands" programs
	fault fault_reconfig 0
	rules_make '-p udp -m udp --dport 7 -j DROP'
	send_to 7 2
	check_is 0 "rolled back: and drops" host_saw 7
	check_is "2 2" "rolled back: on the card" dropped 7
}

goes_mute() {
	rules_make '-p udp -m udp --dport 9 -j DROP'
	check "a policy is applied" apply
	send_to 9 2
	fault fault_mute 1
	check "stats of a mute card" wirewall stats nfp0
	check_says 'what the card dropped is not in it: .*timed out' \
		"say what is missing"
	check "status of a mute card" wirewall status nfp0
	check_says 'hw, program' "still knows whose program it is"
	check "a mute card can be switched off" wirewall off
	check_is "" "entirely" modes
	fault fault_mute 0
}

cannot_replace() {
	local before
	check "a card without live reload" card_insert c_relo=0
	host_connect
	rules_make '-p udp -m udp --dport 7 -j DROP'
	check "a policy is applied" apply
	before=$(programs)
	rules_make '-p udp -m udp --dport 9 -j DROP'
	check "another one" apply
	check_is "xdpdrv xdpoffload" "takes its place at both" modes
	check_fails "in other programs" test "$before" = "$(programs)"
	send_to 9 2
	check_is "2 2" "and drops" dropped 9
	wirewall off >/dev/null
}

out_of_reach() {
	check "a card that sees 32 bytes of a packet" card_insert inl_mtu=1
	host_connect
	falls_back 'beyond HW packet split boundary' "the split rule"
	check "a card with other firmware" card_insert firmware=nic
	host_connect
	check "is no card" apply
	check_says 'not hw: the card has another firmware' "and that is said"
	check_is xdpdrv "native alone" modes
	wirewall off >/dev/null
}

moves_and_goes() {
	check "a card" card_insert typical
	host_connect
	check "a policy is applied" apply
	ip netns add other
	ip link set nfp0 netns other
	check_is "no program of wirewall is attached" \
		"moved away it is seen here no more" wirewall status
	check "but where it went" ip netns exec other "$WIREWALL" status nfp0
	check_says 'hw, program' "with the program on it"
	check "and is removed there" ip netns exec other "$WIREWALL" remove nfp0
	ip netns exec other ip link set nfp0 netns 1
	ip link set nfp0 up
	check "a policy is applied" apply
	check "the card goes" card_remove
	check_is "no program of wirewall is attached" "with all that was on it" \
		wirewall status
	check_exit 3 "nothing can be applied to it" apply
	check_says 'nfp0' "and its name is told"
}

check "the card is there" card_insert typical
host_connect
rules_make '-p udp -m udp --dport 7 -j DROP'
at_load
refuses_another
holds_on
is_off_all_the_same
cannot_be_stopped
is_rolled_back
goes_mute
cannot_replace
out_of_reach
moves_and_goes

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rules on the card and the whole policy in the driver behind it: what the two
# drop is what the host would, each packet counted where it died; both are
# replaced and removed as one.
#
# guest-files: build/hw/nfp.ko tests/hw/lib.sh tests/hw/cards.txt tests/hw/host.sh

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../host.sh"

replies() {
	in_ns peer ping -q -c 2 -i 0.01 -W 1 192.0.2.1
}

drops_at_both() {
	# The second rule hangs on a connection's state, which a card knows not.
	rules_make '-p udp -m udp --dport 7 -j DROP' \
		'-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT' \
		'-p udp -m udp --dport 9 -j DROP' \
		'-p udp -m udp --dport 11 -j ACCEPT'
	send_to 7 2
	send_to 9 2
	check_is "2 2" "the host drops both by itself" \
		eval 'echo "$(host_saw 7) $(host_saw 9)"'
	check "a policy is applied" apply
	check_says '2 of 2 drop rules die early \(hw, .* and native, ' \
		"to the card and the driver"
	check_says ' 1 of them on the card' "of which one can be on the card"
	check_is "xdpdrv xdpoffload" "the kernel shows both" modes
	check "ping is answered through both" replies
	send_to 7 3
	send_to 9 4
	send_to 11 5
	check_is "3 3" "what the card can judge died there" dropped 7
	check_is "4 0" "what it cannot died in the driver" dropped 9
	check_is "2 2 5" "the host saw the rest only" \
		eval 'echo "$(host_saw 7) $(host_saw 9) $(host_saw 11)"'
}

is_replaced_as_one() {
	local before
	before=$(programs)
	check "the same policy again" apply
	check_is "$before" "changes nothing" programs
	rules_make '-p udp -m udp --dport 13 -j DROP'
	check "another policy" apply
	check_is "xdpdrv xdpoffload" "is at both places" modes
	check_fails "in other programs" test "$before" = "$(programs)"
	send_to 7 1
	send_to 13 2
	check_is "2 2" "the new one drops" dropped 13
	check_is "" "the old one has gone" dropped 7
	check "without the card" apply --max native
	check_is xdpdrv "only the driver's is left" modes
	send_to 13 2
	check_is "2 -" "which drops alone" dropped 13
	check "with the card again" apply
	check_is "xdpdrv xdpoffload" "both are there" modes
	check "remove" wirewall remove nfp0
	check_is "" "takes both" modes
}

is_only_for_the_asking() {
	check_exit 4 "hw is not had without --static" \
		wirewall apply --rules "$rules" --require hw nfp0
	check_says 'vouch .* with --static' \
		"and the remedy is told"
	check_is "" "nothing is attached then" modes
	check "a shadow" apply --shadow
	check_is xdpdrv "is not on the card, or it would count twice" modes
	send_to 13 3
	check_is "3 -" "counts" dropped 13
	check_is 3 "and drops nothing" host_saw 13
	check "off" wirewall off
	check_is "" "takes both" modes
}

widens_with_syn_is_new() {
	rules_make '-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT' \
		'-p tcp -m tcp --dport 23 -j DROP'
	check "no connection is known to the card" apply
	check_is xdpdrv "so that it can drop nothing" modes
	check "unless SYN are new" apply --syn-is-new
	check_is "xdpdrv xdpoffload" "which puts the rule on it" modes
	in_ns peer timeout 1 bash -c 'echo >/dev/tcp/192.0.2.1/23' 2>/dev/null
	check "and it drops SYN" eval \
		'dropped 23 | awk "{ exit !(\$2 > 0 && \$1 == \$2) }"'
	check "off" wirewall off
}

check "the card is there" card_insert typical
modprobe nf_conntrack
host_connect
drops_at_both
is_replaced_as_one
is_only_for_the_asking
widens_with_syn_is_new

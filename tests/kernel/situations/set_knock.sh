#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sets that rules change (-j SET) under another name: as a member of a list, and
# for ports, which have no family, by a rule of IPv6. Whoever knocked is let in.

# shellcheck source=tests/kernel/situations/lib.sh
. "$(dirname "$0")/lib.sh"

# rules_with RULE: by which port 10 is for members of a set alone.
rules_with() {
	rules_load <<RULES
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 7 -j SET --add-set all src
-A INPUT -p udp -m udp --dport 10 $1 -j ACCEPT
-A INPUT -p udp -m udp --dport 10 -j DROP
-A INPUT -p udp -m udp --dport 9 -j DROP
COMMIT
RULES
}

network_make || exit 1
if ! in_ns host ipset create knocked hash:ip ||
	! in_ns host ipset create all list:set ||
	! in_ns host ipset add all knocked; then
	skip "sets that rules change" "no ipset here"
	exit 0
fi
in_ns host ipset save >"$scratch/sets"
rules_with '-m set --match-set knocked src'
apply --sets "$scratch/sets"
dies "before" peer 192.0.2.1
moves 0 "who has not knocked is not let in" "seen INPUT 10" \
	send peer 192.0.2.1 10
send peer 192.0.2.1 7
moves 3 "who has knocked is let in" "seen INPUT 10" send peer 192.0.2.1 10
wirewall remove eth0

in_ns host ipset create open bitmap:port range 1-100
in_ns host ipset save >"$scratch/sets"
rules_with '-m set --match-set open dst'
cat >"$scratch/rules6" <<'RULES'
*filter
:INPUT ACCEPT [0:0]
-A INPUT -p udp -m udp -j SET --add-set open dst
COMMIT
RULES
in_ns host ip6tables-legacy-restore "$scratch/rules6" || exit 1
apply --rules6 "$scratch/rules6" --sets "$scratch/sets"
dies "beside rules of IPv6" peer 192.0.2.1
in_ns peer bash -c 'echo >/dev/udp/2001:db8:2::1/10'
sleep 0.2
moves 3 "a port that IPv6 opened is open" "seen INPUT 10" \
	send peer 192.0.2.1 10

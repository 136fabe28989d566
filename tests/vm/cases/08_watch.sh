#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel that a program cannot ask about the host's hooks: what drops rest on
# is seen by the watcher alone, and when it dies the drops end with it.

. "$(dirname "$0")/../lib.sh"

pair_make
rules_load <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p udp -m udp --dport 9 -j DROP
COMMIT
RULES
early() {
	in_ns host "$WIREWALL" stats --json |
		sed -n 's/^ *"packets": \([0-9]*\),\?$/\1/p' | head -1
}
dies_early() {
	local before
	before=$(early)
	send 2 192.0.2.1 9
	[ -n "$before" ] && [ "$(early)" -gt "$before" ]
}
passes() {
	! dies_early
}

mkdir "$scratch/conf"
printf '[interface eth0]\nrules = %s\nstatic = receivers\n' "$rules" \
	>"$scratch/conf/a.conf"
ip netns exec host "$WIREWALL" watch --config "$scratch/conf" \
	2>"$scratch/log" &
watcher=$!
wait_for 20 grep -q applied "$scratch/log" && ok "the watcher attaches" ||
	not_ok "the watcher attaches" "$(cat "$scratch/log")"
wait_for 40 dies_early && ok "packets die early while it looks" ||
	not_ok "packets die early while it looks" "$(cat "$scratch/log")"
in_ns host iptables-legacy -t nat -A PREROUTING -p udp --dport 9 \
	-j REDIRECT --to-ports 10
wait_for 10 grep -q facts-changed "$scratch/log" &&
	ok "it sees a nat table come" || not_ok "it sees a nat table come" \
	"$(cat "$scratch/log")"
in_ns host iptables-legacy -t nat -F
wait_for 40 dies_early && ok "and plans with it" ||
	not_ok "and plans with it" "$(cat "$scratch/log")"
kill -KILL "$watcher"
wait "$watcher" 2>/dev/null
wait_for 60 passes && ok "when it dies packets pass" ||
	not_ok "when it dies packets pass"

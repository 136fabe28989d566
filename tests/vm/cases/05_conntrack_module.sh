#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Connection tracking in a module, as distributions have it: the program's calls
# lead there, and nothing may depend on when it was loaded.

. "$(dirname "$0")/../lib.sh"

if ! modprobe nf_conntrack; then
	skip_all "connection tracking in a module" "no nf_conntrack here"
fi
check "nf_conntrack is a module" test -d /sys/module/nf_conntrack/sections
pair_make
rules_load <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p udp -m udp --dport 9 -j ACCEPT
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p udp -m udp --dport 9 -j DROP
COMMIT
RULES
seen='-A PREROUTING -p udp -m udp --dport 9'

check "a ruleset with connection states is attached natively" \
	wirewall apply --static --require native --rules "$rules" eth0
send 3 192.0.2.1 9
check_is 0 "what opens a forbidden connection dies early" rules_seen "$seen"

# From the host's port 9 to the peer's port 9, and back.
in_ns peer nc -u -l -p 9 -W 1 </dev/null >"$scratch/received" &
wait_for 5 in_ns peer grep -q ':0009 ' /proc/net/udp
in_ns host bash -c 'echo question | nc -u -p 9 -q 0 -w 1 192.0.2.2 9'
check "the host asks the peer" wait_for 5 grep -q question "$scratch/received"
in_ns peer bash -c 'echo answer | nc -u -p 9 -q 0 -w 1 192.0.2.1 9'
check_is 1 "the answer of a connection that the host opened passes" \
	rules_seen "$seen"

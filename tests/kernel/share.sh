#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What share of all drops was early: known numbers of packets, of which the
# program drops some and iptables others, and what is said when it is not known.

. "$(dirname "$0")/lib.sh"

# Anew for each kind of iptables: rules of the other one would stay loaded.
world() {
	ip netns del host 2>/dev/null
	ip netns del peer 2>/dev/null
	rm -rf /run/wirewall
	ns_make host peer && veth_make host eth0 peer eth0 || exit 1
	addr host eth0 192.0.2.1/24 && addr peer eth0 192.0.2.2/24
	in_ns peer ping -c 1 -W 2 192.0.2.1 >/dev/null
}

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

# send COUNT PORT [options]: datagrams; with IP options programs pass them.
send() {
	in_ns peer /usr/bin/python3 - "$@" <<'PY'
import socket, sys
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if len(sys.argv) > 3:
    out.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, bytes([1, 1, 1, 0]))
for _ in range(int(sys.argv[1])):
    out.sendto(b"evil", ("192.0.2.1", int(sys.argv[2])))
PY
}

# share: "EARLY HOST PERMILLE REASON=PACKETS...", or the sentence why not.
share() {
	wirewall stats --json eth0 | /usr/bin/python3 -c '
import json, sys
found = json.load(sys.stdin)["interfaces"][0]["coverage"]
if "unknown" in found:
    print(found["unknown"])
else:
    left = sorted((l["reason"], l["packets"]) for l in found["left"]
                  if l["packets"])
    print(found["early"], found["host"], found.get("at_least_permille", "-"),
          *(f"{reason}={packets}" for reason, packets in left))'
}

# share_is EXPECTED SENTENCE
share_is() {
	local found
	found=$(share)
	[ "$found" = "$1" ] && ok "$2" ||
		not_ok "$2" "expected $1
found    $found"
}

# load KIND: rules of which some drop only what a program cannot see.
load() {
	in_ns host "$1-restore" <<-'RULES'
		*filter
		:INPUT ACCEPT [0:0]
		-A INPUT -p udp -m udp --dport 9 -j DROP
		-A INPUT -p udp -m udp --dport 10 -m string --string evil --algo bm -j DROP
		-A INPUT -i other0 -p udp -m udp --dport 11 -j DROP
		-A INPUT -p udp -m udp --dport 12 -j LOG
		-A INPUT -p udp -m udp --dport 12 -j DROP
		COMMIT
	RULES
	in_ns host "$1-save" >"$scratch/rules"
}

apply() {
	wirewall apply --rules "$scratch/rules" eth0 "$@"
}

counts_both() {
	local kind=$1
	load "$kind" || return
	send 4 9
	check "$kind: the rules are applied" apply
	share_is "0 0 -" "$kind: drops of before do not count"
	send 30 9
	send 5 9 options
	send 7 10
	send 3 13
	share_is "30 12 714 passed=5 unknown-match=7" \
		"$kind: each packet counts once, with the reason why not early"
	check "$kind: the same is applied again" apply
	send 1 9
	share_is "31 12 720 passed=5 unknown-match=7" \
		"$kind: what goes on counting has its beginning still"
	output=$(wirewall stats eth0)
	check_says 'at least 72\.0 % of what these rules drop died early: 31, and the host dropped 12$' \
		"$kind: people are told"
	check_says '^ +7 by the host: whether the rule matches cannot be told' \
		"$kind: with the reasons"
	output=$(wirewall stats --prometheus eth0)
	check_says '^wirewall_compared_early_packets_total\{interface="eth0"\} 31$' \
		"$kind: metrics have the early ones"
	check_says '^wirewall_compared_host_packets_total\{interface="eth0",reason="unknown-match"\} 7$' \
		"$kind: metrics have the others by reason"
}

# Log lines that are sampled: what goes up is dropped by the host.
counts_sampled() {
	local early host rest
	check "log lines are sampled" apply --log-sample 5
	send 200 12
	read -r early host rest <<<"$(share)"
	[ "$((early + host))" -eq 200 ] && [ "$early" -gt 100 ] &&
		[ "$host" -gt 0 ] &&
		ok "what is sampled counts as the host's" ||
		not_ok "what is sampled counts as the host's" \
			"$early $host $rest"
}

counts_shadow() {
	check "a shadow is applied" apply --shadow
	send 10 9
	send 10 10
	share_is "10 20 500 passed=10 unknown-match=10" \
		"a shadow's drops are the host's, too"
	output=$(wirewall stats eth0)
	check_says 'at least 50\.0 % of what these rules drop would have died early' \
		"and are told as what they are"
}

says_unknown() {
	check "the rules are applied again" apply
	in_ns host iptables -Z
	share_is "the counters of the host's rules were set back since it was applied" \
		"counters that were set back are noticed"
	in_ns host iptables -I INPUT -p udp -m udp --dport 77 -j ACCEPT
	share_is "the host's iptables does not have filter INPUT 1 as it was applied" \
		"other rules are noticed"
	# shellcheck disable=SC2034 # check_says reads it
	output=$(wirewall stats eth0)
	check_says 'what share of all drops died early is not known: the host' \
		"and people are told"
	wirewall stats --prometheus eth0 | grep -q '^wirewall_compared' &&
		not_ok "no metric is made up" || ok "no metric is made up"
	check "rules that are not loaded are applied" apply
	share_is "the host's iptables does not have filter INPUT 1 as it was applied" \
		"they were not counted from the beginning"
	rm -rf /run/wirewall
	share_is "where the host's own counters stood when it was applied is not recorded" \
		"without a record nothing is known"
}

for kind in iptables-legacy iptables-nft; do
	world
	if ! in_ns host "$kind" -L >/dev/null 2>&1; then
		skip "$kind: shares" "this kernel does not have it"
		continue
	fi
	counts_both "$kind"
done
world
load iptables
counts_sampled
counts_shadow
says_unknown

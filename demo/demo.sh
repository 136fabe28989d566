#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `sudo make demo`: a server and a client, each a network namespace, joined by a
# veth pair. The server's rules (demo/server.rules) go into its iptables and, by
# wirewall, onto its interface; allowed and forbidden traffic shows who drops
# what. All of it lives in namespaces that end with this script.

if [ "$(id -u)" -ne 0 ]; then
	echo "demo: network namespaces need root: sudo make demo" >&2
	exit 1
fi
# shellcheck disable=SC2034
SANDBOX_REFUSED=1
# shellcheck source=tests/kernel/lib.sh
. "$(dirname "$0")/../tests/kernel/lib.sh"
cd "$top" || exit 1

rules=demo/server.rules
server=198.51.100.10
client=198.51.100.1
each=200

say() {
	printf '\n== %s\n\n' "$1"
}

# wirewall ARGUMENT...: on the server, shown as typed.
wirewall() {
	echo "server# wirewall $*"
	in_ns server "$WIREWALL" "$@"
}

network_make() {
	ns_make server client &&
		veth_make server eth0 client eth0 &&
		addr server eth0 $server/24 &&
		addr client eth0 $client/24 &&
		ip -n server route add default via $client
}

rules_load() {
	echo "server# iptables-restore $rules   # $(grep -c '^-A' $rules)" \
		"rules, $(grep -c -- '-j DROP' $rules) of them drop"
	in_ns server iptables-restore $rules
}

services_start() {
	in_ns server nc -lk 22 >"$scratch/tcp" 2>/dev/null &
	in_ns server nc -luk 53 >"$scratch/udp" 2>/dev/null &
	wait_for 5 listening tcp 22 && wait_for 5 listening udp 53
}

listening() {
	in_ns server ss -Hln "--$1" "sport = :$2" | grep -q .
}

forbidden() {
	echo "client# flood.py $server $each"
	in_ns client python3 demo/flood.py $server $each | tee "$scratch/sent"
	sent=$(awk '{ sum += $1 } END { print sum + 0 }' "$scratch/sent")
	echo
}

allowed() {
	check "ping is answered" \
		in_ns client ping -q -c 3 -i 0.2 -W 2 $server
	echo "over tcp" | in_ns client nc -N -w 2 $server 22 >/dev/null
	check "TCP to port 22 arrives" \
		wait_for 2 grep -q "over tcp" "$scratch/tcp"
	echo "over udp" | in_ns client nc -u -q 0 -w 1 $server 53
	check "UDP to port 53 arrives" \
		wait_for 2 grep -q "over udp" "$scratch/udp"
	# The services append; what they wrote must not count twice.
	truncate -s 0 "$scratch/tcp" "$scratch/udp"
}

# What the server's iptables dropped by rules, as `iptables-save -c` counts it.
host_drops() {
	in_ns server iptables-save -c |
		sed -n 's/^\[\([0-9]*\):[0-9]*\] \(.* -j DROP\)$/\1 \2/p'
}

host_dropped() {
	host_drops | awk '{ sum += $1 } END { print sum + 0 }'
}

# "eth0: native, program 7, 1800 packets dropped by 14 rules"
wirewall_dropped() {
	in_ns server "$WIREWALL" status eth0 |
		sed -n 's/.* \([0-9]*\) packets dropped.*/\1/p'
}

counters_zero() {
	in_ns server iptables -t raw -Z
	in_ns server iptables -t filter -Z
}

# same SENTENCE EXPECTED SEEN
same() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "expected $2, seen ${3:-nothing}"
	fi
}

say "A server with its rules in iptables, and a client"
network_make && rules_load && services_start || exit 1
allowed
echo
forbidden
same "iptables dropped all $sent forbidden packets" "$sent" "$(host_dropped)"
counters_zero

say "What could die early on eth0?"
wirewall plan --rules $rules eth0 || exit 1

say "The same rules onto eth0"
wirewall apply --rules $rules eth0
same "wirewall apply did as asked" 0 $?
wirewall status

say "The same traffic again"
allowed
echo
forbidden
wirewall stats eth0
echo
same "wirewall dropped all $sent of them" "$sent" "$(wirewall_dropped)"
echo "server# iptables-save -c | grep DROP"
host_drops | sed 's/^\([0-9]*\) /[\1] /'
same "iptables saw none of them" 0 "$(host_dropped)"

say "Why? One packet explained"
wirewall explain --rules $rules --in eth0 \
	--packet "tcp 45.35.1.1:4000 > $server:23 syn"

say "And away again"
wirewall remove eth0
same "wirewall remove did as asked" 0 $?
wirewall status
same "nothing is attached to eth0" "" "$(xdp_id server eth0)"
allowed
echo
if [ "$results_failed" -eq 0 ]; then
	echo "All as it should be; the namespaces go with this script."
fi

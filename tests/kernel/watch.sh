#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The watcher, while packets flow: each change that makes a drop wrong, or a
# better tier possible, is made, and the packets themselves tell when it was
# felt. Latencies are told, not judged (but for a bound that is far away).

. "$(dirname "$0")/lib.sh"

conf=$scratch/conf
log=$scratch/log
arrivals() {
	/usr/bin/python3 "$top/tests/kernel/arrivals.py" "$@"
}

# on NS SENDER: runs until the end.
flow() {
	in_ns peer /usr/bin/python3 "$top/tests/kernel/arrivals.py" \
		send 192.0.2.1 "$1" &
}

watch() {
	ip netns exec host "$WIREWALL" watch --config "$conf" 2>>"$log" &
	watcher=$!
}

# logged EVENT [TEXT]: since the last call of `forget`.
logged() {
	tail -n "+$((seen + 1))" "$log" | grep -F "[$1]" | grep -q -- "${2:-}"
}

forget() {
	seen=$(wc -l <"$log")
}

expect() {
	local sentence=$1
	shift
	if wait_for 15 logged "$@"; then
		ok "$sentence"
	else
		not_ok "$sentence" "$(tail -n "+$((seen + 1))" "$log")"
	fi
}

is_native() {
	[ -n "$(ip -n "$1" -d link show dev "$2" | grep 'prog/xdp ')" ]
}

drops() {
	in_ns host "$WIREWALL" stats --json |
		sed -n 's/^ *"packets": \([0-9]*\),\?$/\1/p' | head -1
}

# Are packets dropped early just now?
drops_now() {
	local before
	before=$(drops)
	sleep 0.1
	[ -n "$before" ] && [ "$(drops)" -gt "$before" ]
}

# felt NS PORT SENTENCE CHANGE...: after the change packets arrive at PORT.
felt() {
	local ns=$1 port=$2 sentence=$3 start end
	shift 3
	forget
	wait_for 10 drops_now || not_ok "packets die early before: $sentence"
	in_ns "$ns" /usr/bin/python3 "$top/tests/kernel/arrivals.py" \
		first "$port" 10 >"$scratch/first" 2>&1 &
	local listener=$!
	sleep 0.2
	start=$(arrivals now)
	"$@" || not_ok "the change can be made: $sentence"
	if wait "$listener"; then
		end=$(cat "$scratch/first")
		ok "$sentence"
		latencies+=" $(((end - start) / 1000000))"
	else
		not_ok "$sentence" "nothing arrived in 10 s
$(tail -n "+$((seen + 1))" "$log")"
	fi
}

again() {
	wait_for 15 drops_now && ok "$1" || not_ok "$1" "$(tail -5 "$log")"
}

nft_rule() {
	in_ns host iptables-nft "$@"
}

latencies=
ns_make host peer other && veth_make host eth0 peer eth0 || exit 1
addr host eth0 192.0.2.1/24 && addr peer eth0 192.0.2.2/24
mkdir "$conf" && printf '[interface eth*]\nfrom-kernel = yes\n' >"$conf/a.conf"
in_ns host iptables-nft -L >/dev/null 2>&1 ||
	skip_all "the watcher keeps what is right" "no iptables-nft"
nft_rule -A INPUT -p udp --dport 9 -j DROP
: >"$log"
seen=0
watch
expect "the watcher begins" watching
expect "what the configuration wants is attached" applied 'eth0: native'
flow 9
again "packets die early"
check_exit 3 "a second watcher refuses" \
	in_ns host "$WIREWALL" watch --config "$conf"
check_says "another wirewall is at it .* the process" "it names the first one"

felt host 9 "a rule that goes is felt" nft_rule -D INPUT 1
nft_rule -A INPUT -p udp --dport 9 -j DROP
again "a rule that comes is planned"
felt host 9 "a rule in front of it is felt" \
	nft_rule -I INPUT -s 192.0.2.2 -j ACCEPT
nft_rule -D INPUT 1
again "and gone again"
felt host 10 "a redirection is felt" nft_rule -t nat -A PREROUTING \
	-p udp --dport 9 -j REDIRECT --to-ports 10
in_ns host nft delete table ip nat
again "and gone again"
felt host 11 "a table of somebody else is felt" in_ns host nft '
	table ip theirs {
		chain in {
			type filter hook prerouting priority -350
			udp dport 9 udp dport set 11
		}
	}'
expect "with the reason" tier-not-had 'foreign\|others'
in_ns host nft delete table ip theirs
again "the tier is found again"

ip -n host link add br0 type bridge
forget
ip -n host link set eth0 master br0
expect "an interface that becomes a port is seen" users-changed
expect "nothing is attached to a port" detached eth0
ip -n host link set eth0 nomaster
again "the tier is found again when it is none any more"

forget
in_ns host sysctl -qw net.netfilter.nf_conntrack_log_invalid=255
expect "a sysctl that tells nobody is seen" facts-changed
in_ns host sysctl -qw net.netfilter.nf_conntrack_log_invalid=0
again "and set back"

# Chains that the watcher itself sees change: many times, one plan.
forget
in_ns host bash -c 'for i in $(seq 100); do
	nft add rule ip filter INPUT udp dport $((1000 + i)) drop
done'
again "a hundred changes end well"
plans=$(tail -n "+$((seen + 1))" "$log" | grep -c '\[applied\]')
[ "$plans" -le 10 ] && ok "they are few plans" ||
	not_ok "they are few plans" "$plans"
nft_rule -F INPUT && nft_rule -A INPUT -p udp --dport 9 -j DROP
again "and so does their end"

seen_by_host() {
	in_ns host iptables-nft -nvxL INPUT | awk '/dpt:9/ { print $1 }'
}
arrived=$(seen_by_host)
before=$(xdp_id host eth0)
kill -KILL "$watcher"
wait "$watcher" 2>/dev/null
[ "$(xdp_id host eth0)" = "$before" ] &&
	ok "a watcher that dies leaves what filters" ||
	not_ok "a watcher that dies leaves what filters"
forget
watch
expect "another one takes its place" resumed "program $before"
[ "$(xdp_id host eth0)" = "$before" ] &&
	ok "and changes nothing that filters" ||
	not_ok "and changes nothing that filters"
again "packets die early all the time"
[ "$(seen_by_host)" = "$arrived" ] && ok "not one came through meanwhile" ||
	not_ok "not one came through meanwhile" \
	"$arrived packets before, $(seen_by_host) after"

forget
ip -n host link set eth0 xdp off
expect "a program that somebody takes off is missed" removed
nft_rule -A INPUT -p udp --dport 12 -j DROP
sleep 0.7
[ -z "$(xdp_id host eth0)" ] && ok "but not put back" ||
	not_ok "but not put back"
kill -HUP "$watcher"
again "a reload puts it back"

if echo 'int theirs(void *c) { return 2; } char l[] __attribute__((section("license"))) = "GPL";' |
	clang -O2 -target bpf -x c -c - -o "$scratch/theirs.o" 2>/dev/null; then
	forget
	ip -n host link set eth0 xdp off
	ip -n host link set eth0 xdp obj "$scratch/theirs.o" section .text
	expect "somebody else's program is told" foreign-program
	ip -n host link set eth0 xdp off
	again "when it goes ours comes back"
fi

forget
ip -n host link set eth0 down && ip -n host link set eth0 name wan0
expect "an interface that loses its name is told" gone eth0
expect "one without a section loses its program" detached wan0
ip -n host link set wan0 name eth0 && ip -n host link set eth0 up
again "with its name it gets its program back"

move() {
	ip -n host link set eth0 netns other &&
		ip -n other addr add 192.0.2.1/24 dev eth0 &&
		ip -n other link set eth0 up
}
# On its way the pair loses its carrier, and with it the peer what it has learnt
# by ARP: it would ask again a second later only, and that is not ours to tell.
ip -n peer neigh replace 192.0.2.1 dev eth0 nud permanent \
	lladdr "$(in_ns host cat /sys/class/net/eth0/address)"
felt other 9 "an interface that moves away drops nothing there" move
expect "which is told" gone eth0
ip -n other link set eth0 netns host
addr host eth0 192.0.2.1/24 && ip -n host link set eth0 up
again "back again it gets its program back"

# A driver that takes no native program for now: one queue against two.
ip link add eth1 netns host numrxqueues 1 type veth peer name eth1 netns peer \
	numtxqueues 2 && ip -n host link set eth1 up && ip -n peer link set eth1 up
if in_ns peer ethtool -L eth1 tx 2 2>/dev/null; then
	forget
	ip -n host link set eth1 down
	in_ns host "$WIREWALL" remove eth1 >/dev/null 2>&1
	kill -HUP "$watcher"
	ip -n host link set eth1 up
	expect "the lesser tier is told with the reason" tier-not-had \
		'eth1: not native'
	expect "and taken" applied 'eth1: generic'
	in_ns peer ethtool -L eth1 tx 1
	ip -n host link set eth1 mtu 1400
	wait_for 20 is_native host eth1 &&
		ok "the better one is found when it is to be had" ||
		not_ok "the better one is found" "$(tail -5 "$log")"
else
	skip "the better tier is found again" "no veth with two queues"
fi

# Nothing leaks, however often the world changes.
# In the middle of a plan it has more: the least of some moments counts.
fds() {
	for _ in 1 2 3 4 5 6 7 8; do
		find "/proc/$watcher/fd" -mindepth 1 | wc -l
		sleep 0.1
	done | sort -n | head -1
}
# Programs and maps live by who holds them, and nobody outside knows of ours.
held() {
	cat /proc/[0-9]*/fdinfo/* 2>/dev/null | grep -Ec '^(prog|map)_id:'
}
wait_for 10 drops_now
sleep 0.5
fds_before=$(fds)
held_before=$(held)
memory_before=$(awk '/VmRSS/ { print $2 }' "/proc/$watcher/status")
in_ns host bash -c 'for i in $(seq "$1"); do
	nft add rule ip filter INPUT udp dport $((2000 + i % 9)) drop
	[ $((i % 15)) -ne 0 ] || nft flush chain ip filter INPUT
	[ $((i % 10)) -ne 0 ] || sleep 0.3
done' - "${CHANGES:-150}"
nft_rule -F INPUT && nft_rule -A INPUT -p udp --dport 9 -j DROP
again "${CHANGES:-150} changes later packets die early"
same_fds() {
	[ "$(fds)" -eq "$fds_before" ]
}
same_held() {
	[ "$(held)" -le "$held_before" ]
}
same_memory() {
	memory=$(awk '/VmRSS/ { print $2 }' "/proc/$watcher/status")
	[ "$memory" -lt $((memory_before + 2048)) ]
}
wait_for 10 same_fds && ok "no file stays open" ||
	not_ok "no file stays open" "$fds_before before, $(fds) after"
wait_for 10 same_memory && ok "no memory is lost" ||
	not_ok "no memory is lost" "$memory_before KiB before, $memory after"
wait_for 10 same_held && ok "no program and no map is kept" ||
	not_ok "no program and no map is kept" \
		"$held_before before, $(held) after"
note "${CHANGES:-150} changes: files $fds_before, then $(fds); programs and \
maps $held_before, then $(held); KiB $memory_before, then $memory"

kill -TERM "$watcher"
wait "$watcher"
check "the watcher ends when asked" test $? -eq 0
check "the program stays" test -n "$(xdp_id host eth0)"
check "off takes it off" in_ns host "$WIREWALL" off
note "milliseconds until a change was felt:$latencies"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The watcher, while packets flow: each change that makes a drop wrong, or a
# better tier possible, is made, and the packets themselves tell when it was
# felt. Latencies are told, not judged (but for a bound that is far away).

# How the times are distributed: make bench-watch.

. "$(dirname "$0")/watch/lib.sh"

is_native() {
	[ -n "$(ip -n "$1" -d link show dev "$2" | grep 'prog/xdp ')" ]
}

world_make || exit 1
in_ns host iptables-nft -L >/dev/null 2>&1 ||
	skip_all "the watcher keeps what is right" "no iptables-nft"
nft_rule -A INPUT -p udp --dport 9 -j DROP
saves_can_wait && can_hold=yes || can_hold=
watch
expect "the watcher begins" watching
expect "what the configuration wants is attached" applied 'eth0: native'
flow 9
again "packets die early"
check_exit 3 "a second watcher refuses" \
	in_ns host "$WIREWALL" watch --config "$conf"
check_says "another wirewall is at it .* the process" "it names the first one"

felt "a rule that goes is felt" host 9 nft_rule -D INPUT 1
nft_rule -A INPUT -p udp --dport 9 -j DROP
again "a rule that comes is planned"
felt "a rule in front of it is felt" host 9 \
	nft_rule -I INPUT -s 192.0.2.2 -j ACCEPT
nft_rule -D INPUT 1
again "and gone again"
felt "a redirection is felt" host 10 nft_rule -t nat -A PREROUTING \
	-p udp --dport 9 -j REDIRECT --to-ports 10
in_ns host nft delete table ip nat
again "and gone again"
felt "a table of somebody else is felt" host 11 in_ns host nft '
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
plans=$(said | grep -c '\[applied\]')
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
know_host
felt "an interface that moves away drops nothing there" other 9 move
expect "which is told" gone eth0
ip -n other link set eth0 netns host
addr host eth0 192.0.2.1/24 && ip -n host link set eth0 up
again "back again it gets its program back"

# A plan for another interface, that lasts.
if [ -n "$can_hold" ]; then
	veth_make host eth2 other eth2
	expect "another interface comes" applied eth2
	wait_for 10 drops_now
	hold_plans
	ip -n host link set eth2 mtu 1400
	wait_for 15 is_planning && ok "and is planned again" ||
		not_ok "and is planned again" "$(said)"
	felt "a rule that goes meanwhile is felt" host 9 nft_rule -D INPUT 1
	expect "and told" rules-changed eth0
	[ -e "$scratch/hold" ] && is_planning && ! logged applied eth2 &&
		ok "while the plan lasts" || not_ok "while the plan lasts"
	free_plans
	nft_rule -A INPUT -p udp --dport 9 -j DROP
	again "a rule that comes is planned, with the other interface"
	ip -n host link del eth2
else
	skip "a rule that goes while a plan lasts" "no /etc/alternatives"
fi

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

kill -TERM "$watcher"
wait "$watcher"
check "the watcher ends when asked" test $? -eq 0
check "the program stays" test -n "$(xdp_id host eth0)"
check "off takes it off" in_ns host "$WIREWALL" off
note "milliseconds until a change was felt:$latencies"

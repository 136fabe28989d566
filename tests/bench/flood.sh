#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A TCP transfer into a host that is being flooded: a SYN flood at a closed
# port, then a UDP flood from a source that the rules drop. What gets through
# with no firewall, with iptables, and with iptables and wirewall, in turn for
# each rate, so that whatever else the machine does meets all three; then what
# one packet of the flood costs the server.
#
#	tests/bench/flood.sh TABLE   a file for the figures
#	RATES="0 100 200"   thousands of packets a second
#	SECONDS_EACH=2      of each transfer
#	MBITS=500           that the client sends
#
# The server has processor 1 alone: its end of the line is polled by a thread
# (threaded NAPI) there, above the receiver of the transfer, as the softirq of a
# card is. Generator, line and client have processor 0. All of them are
# real-time tasks, so that nothing else that runs here is measured. The line
# hands frames over as they are (tests/bench/flood.bpf.c): as in a driver, XDP
# runs before there is an skb, and a full ring loses packets of both kinds.
# docs/bench.md has more. Needs root.

# A private /run: what is made here goes away with the script.
[ -n "${FLOOD_INSIDE:-}" ] ||
	exec env FLOOD_INSIDE=1 unshare -m --propagation private "$0" "$@"
mount -t tmpfs none /run || exit 1

set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
flood=$build/tests/bench/flood
wirewall=$build/wirewall
rates=${RATES:-0 250 500 750 1000 1500 2000}
length=${SECONDS_EACH:-2}
mbits=${MBITS:-500}
server=192.0.2.1
client=192.0.2.2
server_mac=02:00:00:00:00:01
client_mac=02:00:00:00:00:02
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

die() {
	echo "flood.sh: $1" >&2
	exit 1
}

in_ns() {
	ip netns exec "$@"
}

# A real-time task: on PROCESSOR with PRIORITY in NAMESPACE.
task() {
	local processor=$1 priority=$2 namespace=$3
	shift 3
	chrt -f "$priority" taskset -c "$processor" \
		ip netns exec "$namespace" "$flood" "$@"
}

rules() {
	cat <<-END
		*filter
		:INPUT DROP [0:0]
		:FORWARD DROP [0:0]
		:OUTPUT ACCEPT [0:0]
		-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
		-A INPUT -s 10.66.0.0/16 -j DROP
		-A INPUT -p tcp -m tcp --dport 5001 -j ACCEPT
		COMMIT
	END
}

# device NAMESPACE NAME: frames of the line's size, and a thread that polls it.
device() {
	in_ns "$1" ethtool -K "$2" tso off gso off tx off gro on >/dev/null &&
		ip -n "$1" link set "$2" up &&
		in_ns "$1" sh -c "echo 1 >/sys/class/net/$2/threaded"
}

world() {
	local one="numrxqueues 1 numtxqueues 1"
	for namespace in server line client; do
		ip netns add "$namespace" || return
		in_ns "$namespace" \
			sysctl -qw net.ipv6.conf.all.disable_ipv6=1 || return
	done
	# shellcheck disable=SC2086 # words
	ip link add fserver netns server address $server_mac $one \
		type veth peer name fline0 netns line $one &&
		ip link add fclient netns client address $client_mac $one \
			type veth peer name fline1 netns line $one || return
	device server fserver && device client fclient &&
		device line fline0 && device line fline1 || return
	ip -n server addr add $server/24 dev fserver
	ip -n client addr add $client/24 dev fclient
	ip -n server route add default via $client dev fserver
	ip -n server neigh add $client lladdr $client_mac dev fserver
	ip -n client neigh add $server lladdr $server_mac dev fclient
	in_ns line "$flood" wire fline0 fline1 $client
}

# A device whose program changes gets new threads.
pin() {
	local processor thread
	for thread in $(pgrep '^napi/f(server|line|client)'); do
		processor=0
		! grep -q server "/proc/$thread/comm" || processor=1
		taskset -pc "$processor" "$thread" >/dev/null &&
			chrt -f -p 3 "$thread" || return
	done
	poller=$(pgrep '^napi/fserver')
}

setup() {
	in_ns server "$wirewall" off >/dev/null
	in_ns server iptables -F
	in_ns server iptables -P INPUT ACCEPT
	in_ns server iptables -P FORWARD ACCEPT
	if [ "$1" != nothing ]; then
		rules >"$work/rules"
		in_ns server iptables-restore "$work/rules" || return
	fi
	if [ "$1" = wirewall ]; then
		in_ns server iptables-save >"$work/loaded" &&
			in_ns server "$wirewall" apply --require native --rules \
				"$work/loaded" fserver >/dev/null || return
	fi
	pin
}

# moment SECONDS: so long from now, as uptime.
moment() {
	awk -v after="$1" '{ print $1 + after }' /proc/uptime
}

# send KIND RATE BEGIN END: leaves packets a second, and packets, in
# $work/sent.
send() {
	task 0 1 line send fline0 $server_mac $server "$1" $(($2 * 1000)) \
		"$3" "$4" >"$work/sent"
}

# transfer KIND RATE: leaves Mbit/s in $work/drained. The connection is there
# before the flood is, and what is counted lies within it. All are told when:
# this shell may have to wait for a processor meanwhile.
transfer() {
	local flood_begin begin end flood_end
	flood_begin=$(moment 0.8) begin=$(moment 1.3)
	end=$(moment $((length + 1)).3) flood_end=$(moment $((length + 1)).5)
	task 1 2 server drain 5001 "$begin" "$end" >"$work/drained" &
	local drain=$!
	until in_ns server ss -ltn | grep -q :5001; do sleep 0.05; done
	task 0 2 client pour $server 5001 "$flood_end" "$mbits" &
	local pour=$! sent=0
	if [ "$2" -gt 0 ]; then
		send "$1" "$2" "$flood_begin" "$flood_end"
		sent=$?
	fi
	wait "$pour"
	wait "$drain" && [ "$sent" -eq 0 ]
}

# What was late because the machine had no time for it is done again.
goodput() {
	local tries=0
	until transfer "$1" "$2"; do
		tries=$((tries + 1))
		[ "$tries" -lt 5 ] || die "the machine is too busy for this"
	done
	[ "$2" -eq 0 ] || note_rate "$2"
	result=$(cat "$work/drained")
}

# Does the generator reach the rate?
slowest=100
note_rate() {
	local percent=$(($(cut -d ' ' -f 1 "$work/sent") / ($1 * 10)))
	[ "$percent" -ge "$slowest" ] || slowest=$percent
}

counters() {
	echo "$(cut -d ' ' -f 1 "/proc/$poller/schedstat")" \
		"$(in_ns line cat /sys/class/net/fline0/statistics/tx_dropped)"
}

# cost KIND: nanoseconds of the thread for each packet that the ring took, when
# more come than it can handle.
cost() {
	local before after
	before=$(counters)
	until send "$1" 4000 "$(moment 0.5)" "$(moment 1.5)"; do :; done
	after=$(counters)
	result=$(echo "$before $after $(cat "$work/sent")" | awk \
		'{ print int(($3 - $1) / ($6 - ($4 - $2)) + 0.5) }')
}

# row KIND WHAT RATE: figures of all three, to the table and to the terminal.
row() {
	local line="$1 $3"
	for with in nothing iptables wirewall; do
		setup "$with" || die "cannot set up: $with"
		"$2" "$1" "$3"
		line="$line ${result:-0}"
	done
	echo "$line"
}

measure() {
	echo "# $(date -u +%Y-%m-%d), Linux $(uname -r | cut -d. -f1-2)," \
		"$(iptables --version)"
	echo "# Mbit/s of a transfer of $mbits; thousands of packets a second"
	echo "# flood kpps nothing iptables iptables+wirewall"
	for kind in syn udp; do
		for rate in $rates; do
			row "$kind" goodput "$rate"
		done
		# Two blank lines separate what gnuplot calls an index.
		printf '\n\n'
	done
	echo "# ns of the server's processor for each packet of the flood"
	for kind in syn udp; do
		row "$kind" cost ns
	done
	echo "# the generator reached $slowest % of each rate and more"
}

[ $# -ge 1 ] || die "which file shall have the table?"
[ "$(nproc)" -ge 2 ] || die "it takes two processors"
[ -x "$flood" ] || die "make $flood first"
world || die "cannot make the namespaces"
measure | tee "$1"

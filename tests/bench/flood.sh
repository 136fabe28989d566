#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A TCP transfer into a host that is being flooded: a SYN flood at a closed
# port, then a UDP flood from a source that the rules drop. What gets through
# with no firewall, with iptables, and with iptables and wirewall, in turn for
# each rate, so that whatever else the machine does meets all three.
#
#	tests/bench/flood.sh [TABLE]     also keeps the table in a file
#	RATES="0 100 200" SECONDS_EACH=3 thousands of packets a second
#
# The flood comes in by a tap device, whose driver runs XDP before it makes an
# skb, as drivers of network cards do (veth copies each packet first); the
# transfer by a veth pair. What the flood costs, its making included, and the
# receiving end of the transfer share one processor; the transfer's sender has
# another. Needs root.

# A private /run: what is made here goes away with the script.
[ -n "${FLOOD_INSIDE:-}" ] ||
	exec env FLOOD_INSIDE=1 unshare -m --propagation private "$0" "$@"
mount -t tmpfs none /run || exit 1

set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
flood=$build/tests/bench/flood
wirewall=$build/wirewall
rates=${RATES:-0 50 100 200 300 400}
length=${SECONDS_EACH:-3}
server=192.0.2.1
mac=02:00:00:00:00:01
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
table=$work/table

die() {
	echo "flood.sh: $1" >&2
	exit 1
}

in_ns() {
	ip netns exec "$@"
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

world() {
	ip netns add server && ip netns add client || return
	ip link add lan netns server type veth peer name eth0 netns client ||
		return
	in_ns server ip tuntap add eth0 mode tap || return
	ip -n server link set eth0 address "$mac"
	ip -n server addr add $server/24 dev eth0
	ip -n server addr add 10.1.0.1/24 dev lan
	ip -n client addr add 10.1.0.2/24 dev eth0
	ip -n server link set eth0 up
	ip -n server link set lan up
	ip -n client link set eth0 up
	ip -n server route add default via 192.0.2.2 dev eth0
	ip -n server neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev eth0
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
		in_ns server "$wirewall" apply --require native \
			--rules "$work/rules" eth0 >/dev/null || return
	fi
}

# goodput KIND RATE: Mbit/s of a transfer meanwhile.
goodput() {
	local rate=$(($2 * 1000)) sender=
	if [ "$rate" -gt 0 ]; then
		in_ns server taskset -c 1 "$flood" receive eth0 "$mac" \
			"$server" "$1" "$rate" $((length + 2)) >"$work/sent" &
		sender=$!
		sleep 0.5
	fi
	in_ns server taskset -c 1 timeout $((length + 4)) "$flood" drain 5001 \
		"$length" >"$work/drained" &
	local drain=$!
	until in_ns server ss -ltn | grep -q :5001; do sleep 0.1; done
	in_ns client timeout $((length + 2)) taskset -c 0 "$flood" pour \
		10.1.0.1 5001 $((length + 1)) >/dev/null 2>&1
	wait "$drain"
	[ -z "$sender" ] || wait "$sender"
	local result
	result=$(cat "$work/drained")
	echo "${result:-0}"
}

[ "$(nproc)" -ge 2 ] || die "it takes two processors"
[ -x "$flood" ] || die "make $flood first"
world || die "cannot make the namespaces"
echo "# Mbit/s of one TCP transfer; thousands of packets a second" >"$table"
echo "# flood kpps nothing iptables iptables+wirewall" >>"$table"
for kind in syn udp; do
	for rate in $rates; do
		row="$kind $rate"
		for with in nothing iptables wirewall; do
			setup "$with" || die "cannot set up: $with"
			row="$row $(goodput "$kind" "$rate")"
		done
		echo "$row" | tee -a "$table"
	done
	# Two blank lines separate what gnuplot calls an index.
	printf '\n\n' >>"$table"
done
[ $# -eq 0 ] || cp "$table" "$1"

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced first by what has a watcher at work while packets flow
# (tests/kernel/watch*.sh, tests/bench/watch.sh). Beyond tests/kernel/lib.sh:
#
#	peer eth0 (192.0.2.2) ---- eth0 (192.0.2.1) host, other
#
# The configuration wants the host's own rules on each eth*.

# shellcheck source=tests/kernel/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

. "$top/tests/lib/said.sh"

conf=$scratch/conf # of the watcher

arrivals() {
	/usr/bin/python3 "$top/tests/kernel/arrivals.py" "$@"
}

world_make() {
	ns_make host peer other && veth_make host eth0 peer eth0 &&
		addr host eth0 192.0.2.1/24 && addr peer eth0 192.0.2.2/24 &&
		mkdir -p "$conf" &&
		printf '[interface eth*]\nfrom-kernel = yes\n' >"$conf/a.conf" &&
		: >"$log" && forget
}

# A pair of veth devices that changes loses its carrier, and with it the peer
# what it has learnt by ARP: it would ask again a second later only, and that is
# not ours to tell.
know_host() {
	ip -n peer neigh replace 192.0.2.1 dev eth0 nud permanent \
		lladdr "$(in_ns host cat /sys/class/net/eth0/address)"
}

# watch: begins; leaves its process in $watcher.
watch() {
	ip netns exec host "$WIREWALL" watch --config "$conf" 2>>"$log" &
	# shellcheck disable=SC2034
	watcher=$!
}

# flow PORT [ADDRESS]: packets until the end; leaves their process in $flowing.
flow() {
	ip netns exec peer /usr/bin/python3 "$top/tests/kernel/arrivals.py" \
		send "${2:-192.0.2.1}" "$1" &
	# shellcheck disable=SC2034
	flowing=$!
}

nft_rule() {
	in_ns host iptables-nft "$@"
}

# saves_with IPV4 IPV6: commands that are iptables-save and ip6tables-save for
# what runs here.
saves_with() {
	cp -a /etc/alternatives "$scratch" &&
		ln -sf "$1" "$scratch/alternatives/iptables-save" &&
		ln -sf "$2" "$scratch/alternatives/ip6tables-save" &&
		mount --bind "$scratch/alternatives" /etc/alternatives
}

# saves_can_wait, before the watcher begins: plans can be made to last, by
# hold_plans until free_plans.
saves_can_wait() {
	cat >"$scratch/wait" <<-END
		#!/bin/sh
		while [ -e $scratch/hold ]; do
			: >$scratch/held
			sleep 0.05
		done
		exec iptables-nft-save
	END
	chmod +x "$scratch/wait" &&
		saves_with "$scratch/wait" "$(command -v ip6tables-nft-save)"
}

hold_plans() {
	rm -f "$scratch/held"
	: >"$scratch/hold"
}

free_plans() {
	rm -f "$scratch/hold"
}

is_planning() {
	[ -e "$scratch/held" ]
}

drops() {
	in_ns host ethtool -S eth0 | awk '/xdp_drops:/ { sum += $2 }
		END { if (NR) print sum + 0 }'
}

# Are packets dropped early just now?
drops_now() {
	local before
	before=$(drops)
	sleep 0.1
	[ -n "$before" ] && [ "$(drops)" -gt "$before" ]
}

# again SENTENCE: packets die early (again).
again() {
	wait_for 15 drops_now && ok "$1" || not_ok "$1" "$(tail -5 "$log")"
}

clock() {
	echo "${EPOCHREALTIME//[.,]/}"
}

# feel NS PLACE CHANGE...: after the change no packet is lost any more on its way
# to PLACE (arrivals.py). Leaves microseconds since the change began in $took,
# and how long it took to make it in $making; otherwise what is wrong in $why.
feel() {
	local ns=$1 place=$2 begin end listener since='' lost=''
	shift 2
	why=
	forget
	wait_for 15 drops_now || {
		why="no packet died early before"
		return 1
	}
	exec {listener}< <(in_ns "$ns" /usr/bin/python3 \
		"$top/tests/kernel/arrivals.py" listen "$place" 10 2>&1)
	read -r -t 10 -u "$listener" _
	# Some moment between two looks of the watcher.
	sleep 0.$((RANDOM % 5))$((RANDOM % 10))
	begin=$(clock)
	"$@" >"$scratch/change" 2>&1 ||
		why="the change was refused: $(cat "$scratch/change")"
	end=$(clock)
	read -r -t 20 -u "$listener" since lost
	exec {listener}<&-
	[ -z "$why" ] || return 1
	# shellcheck disable=SC2034 # making
	case $since$lost in
	'' | *[!0-9]*) why="nothing arrived in 10 s $since $lost" ;;
	*) took=$((since - begin)) making=$((end - begin)) ;;
	esac
	[ -n "$why" ] || [ "$took" -ge 0 ] || why="a packet came before"
	[ -z "$why" ]
}

# felt SENTENCE NS PLACE CHANGE...
latencies=
felt() {
	local sentence=$1
	shift
	if feel "$@"; then
		ok "$sentence"
		latencies+=" $((took / 1000))"
	else
		not_ok "$sentence" "$why
$(said)"
	fi
}

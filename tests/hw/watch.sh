# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced by cases with the watcher and a card, after host.sh and said.sh, which
# their guest-files name with this one: packets flow to port 7 of the host behind
# nfp0, and die on the card while nothing is the matter.

# Where a processor is emulated and shared, a plan takes many seconds.
export PATIENCE=150

watch() {
	"$WIREWALL" watch --config "$scratch/conf" 2>>"$log" &
	watcher=$!
}

# The rule of raw counts what gets past the card, wherever it goes from there.
rules_begin() {
	iptables-nft -t raw -A PREROUTING -p udp --dport 7 -j ACCEPT
	iptables-nft -A INPUT -p udp --dport 7 -j DROP
}

flow() {
	in_ns peer bash -c 'while :; do
		echo packet >/dev/udp/192.0.2.1/7
		sleep 0.05
	done' 2>/dev/null &
}

# within NS COMMAND...: '' is this namespace; NS may be a path.
within() {
	local ns=$1
	shift
	case $ns in
	'') "$@" ;;
	*/*) nsenter --net="$ns" "$@" ;;
	*) in_ns "$ns" "$@" ;;
	esac
}

# arrived [NS]: packets that have got past the card.
arrived() {
	within "${1:-}" iptables-nft -t raw -vnxL PREROUTING |
		awk '/dpt:7/ { print $1 }'
}

# Do packets die on the card just now? The driver counts them.
dies_on_card() {
	local before=0 after=0 file=/sys/class/net/nfp0/statistics/rx_dropped
	read -r before <"$file"
	sleep 0.3
	read -r after <"$file"
	[ "$after" -gt "$before" ]
}

again() {
	if wait_for "$PATIENCE" dies_on_card; then
		ok "$1"
	else
		not_ok "$1" "$(said)
$(wirewall status nfp0 2>&1)"
	fi
}

# calm: until the watcher has nothing more to do about what came before.
calm() {
	local before=
	until [ "$before" = "$(wc -l <"$log")" ]; do
		before=$(wc -l <"$log")
		sleep 3
	done
	wait_for "$PATIENCE" dies_on_card
}

clock() {
	echo "${EPOCHREALTIME//[.,]/}"
}

has_more() {
	[ "$(arrived "$1")" -gt "$2" ]
}

# felt SENTENCE NS CHANGE...: after the change packets get past the card, into
# the namespace NS ('': this one).
latencies=
felt() {
	local sentence=$1 ns=$2 before begin
	shift 2
	calm || not_ok "packets die on the card before: $sentence" "$(said)"
	forget
	before=$(arrived "$ns")
	begin=$(clock)
	"$@" || not_ok "the change can be made: $sentence"
	if wait_for 10 has_more "$ns" "$before"; then
		latencies+=" $((($(clock) - begin) / 1000))"
		ok "$sentence"
	else
		not_ok "$sentence" "nothing arrived in 10 s
$(said)"
	fi
}

begins() {
	mkdir "$scratch/conf"
	printf '[interface nfp0]\nfrom-kernel = yes\nstatic = yes\n' \
		>"$scratch/conf/a.conf"
	: >"$log"
	rules_begin
	watch
	expect "the watcher puts it on the card" applied 'nfp0: hw'
	check_is "xdpdrv xdpoffload" "and in the driver" modes
	flow
	again "packets die on the card"
}

# The end of a case.
ends() {
	kill -TERM "$watcher"
	wait "$watcher"
	check "the watcher ends when asked" test $? -eq 0
	check_is "xdpdrv xdpoffload" "what is attached stays" modes
	check "off takes it off" wirewall off
	note "milliseconds until a change was felt:$latencies"
}

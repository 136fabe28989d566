#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Whatever becomes of a connection (connections.py), the host does with a program
# what it does without: the same is heard at both ends, its own rules count the
# same packets, and those that they drop are as many as they drop and die early
# together.

# shellcheck source=tests/kernel/situations/lib.sh
. "$(dirname "$0")/situations/lib.sh"

play() {
	/usr/bin/python3 "$top/tests/kernel/connections.py" "$@"
}

network_make || exit 1
ip -n host link set eth0 address 02:00:00:00:01:01
ip -n peer link set eth0 address 02:00:00:00:01:02
in_ns host sysctl -qw net.netfilter.nf_conntrack_udp_timeout=1 \
	net.netfilter.nf_conntrack_udp_timeout_stream=1 \
	net.netfilter.nf_conntrack_tcp_timeout_close=1 \
	net.ipv4.icmp_ratelimit=0 || exit 1

# rules_of KIND: every state has a rule that counts it.
rules_of() {
	case $1 in
	lan) cat <<-'RULES' ;;
		*raw
		:PREROUTING ACCEPT [0:0]
		:OUTPUT ACCEPT [0:0]
		COMMIT
		*nat
		:PREROUTING ACCEPT [0:0]
		:POSTROUTING ACCEPT [0:0]
		-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.9.0.2:22
		-A POSTROUTING -o eth0 -j MASQUERADE
		COMMIT
		*filter
		:INPUT DROP [0:0]
		:FORWARD DROP [0:0]
		:OUTPUT ACCEPT [0:0]
		-A INPUT -p udp -m udp --dport 10 -j ACCEPT
		-A FORWARD -i eth1 -j ACCEPT
		-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT
		-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
		-A FORWARD -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT
		COMMIT
	RULES
	zone)
		cat <<-'RULES'
		*raw
		:PREROUTING ACCEPT [0:0]
		:OUTPUT ACCEPT [0:0]
		-A PREROUTING -i eth0 -j CT --zone 7
		-A PREROUTING -i eth1 -j CT --zone 8
		-A OUTPUT -o eth0 -j CT --zone 7
		COMMIT
		RULES
		rules_of host
		;;
	*) cat <<-'RULES' ;;
		*filter
		:INPUT DROP [0:0]
		:FORWARD DROP [0:0]
		:OUTPUT ACCEPT [0:0]
		-A INPUT -i lo -j ACCEPT
		-A INPUT -p tcp -m tcp --dport 25 --tcp-flags RST RST -j DROP
		-A INPUT -m conntrack --ctstate RELATED -j ACCEPT
		-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
		-A INPUT -m conntrack --ctstate INVALID -j DROP
		-A INPUT -p tcp -m tcp --dport 22 --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j ACCEPT
		-A INPUT -p tcp -m tcp --dport 25 -m conntrack --ctstate NEW -j ACCEPT
		-A INPUT -m conntrack --ctstate NEW -j DROP
		COMMIT
	RULES
	esac
}

# passed: packets from the peer of each rule that does not drop.
passed() {
	in_ns host iptables-legacy-save -c -t filter |
		sed -n '/-i eth1/d; /-j ACCEPT$/s/:[0-9]*\]/]/p'
}

# dropped: packets that the host's own rules dropped.
dropped() {
	in_ns host iptables-legacy -nvxL | awk '
		/^Chain .*policy DROP/ { sum += $5 }
		$3 == "DROP" { sum += $1 }
		END { print sum + 0 }'
}

died() {
	[ -z "$tier" ] && echo 0 || early
}

# once SCENE: what is heard, counted and tracked, in $scratch; $all, $soon:
# packets dropped, and those of them that died early.
client=9
once() {
	local before
	client=$((client + 1))
	in_ns host ip neigh replace "192.0.2.$client" dev eth0 \
		lladdr 02:00:00:00:01:02 nud permanent
	in_ns host iptables-legacy -Z
	[ "$1" = liberal ]
	in_ns host sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=$((!$?))
	before=$(died)
	timeout 20 /usr/bin/python3 "$top/tests/kernel/connections.py" "$1" \
		"192.0.2.$client" >"$scratch/heard" 2>&1 ||
		echo "# expected an end, not $?" >>"$scratch/heard"
	soon=$(($(died) - before))
	all=$(($(dropped) + soon))
	{
		cat "$scratch/heard"
		passed
		echo "$all dropped"
	} >"$scratch/done"
}

# entry: what tracking keeps of the client's connection.
entry() {
	in_ns host awk -v "client=src=192.0.2.$client" '
		$3 == "tcp" && $0 ~ client { print $6 }' /proc/net/nf_conntrack
}

# compared SCENE EARLY ABOUT: with the program of $tier.
compared() {
	once "$1"
	if diff "$scratch/without-$1" "$scratch/done" >"$scratch/other"; then
		ok "$3: all goes on, $tier"
	else
		not_ok "$3: all goes on, $tier" "< without, > with the program
$(cat "$scratch/other" "$scratch/heard")"
	fi
	[ "$soon" -eq "$2" ] && ok "$3: $2 die early, $tier" ||
		not_ok "$3: $2 die early, $tier" "$soon did"
}

# each COMMAND: it is told each scene of this kind, how many die early in it, what
# it is about. Not in a pipeline: results are counted here.
each() {
	local scene of early about
	while read -r scene of early about; do
		[ "$of" != "$kind" ] || "$1" "$scene" "$early" "$about"
	done < <(play list)
}

without() {
	tier=''
	once "$1"
	cp "$scratch/done" "$scratch/without-$1"
	if grep -q 'expected' "$scratch/heard"; then
		not_ok "$3: goes on as it should" "$(cat "$scratch/heard")"
	else
		ok "$3: goes on as it should"
	fi
}

# closes EARLY STATE SENTENCE: a reset that rules drop closes its entry all the
# same, but for the stated exception: then the socket's own end does, later.
closes() {
	local state
	once closing
	state=$(entry)
	# shellcheck disable=SC2053
	[ "$soon" -eq "$1" ] && [[ $state == $2 ]] && ok "$3" ||
		not_ok "$3" "$soon died early, the entry is in '$state'"
}

for kind in host zone lan; do
	rules_load < <(rules_of $kind)
	each without
	tiers='native generic'
	[ $kind != zone ] || tiers=native
	for tier in $tiers; do
		check "the program is attached, $kind, $tier" wirewall apply \
			--max $tier --require $tier --rules "$rules" eth0
		each compared
		[ $kind != host ] || closes 1 '[FL]*' \
			"a reset that died early leaves the entry open, $tier"
		check "the program is taken off, $kind, $tier" \
			wirewall remove eth0
	done
	[ $kind = host ] || continue
	tier=''
	closes 0 CLOSE "a reset closes the entry, without a program"
	tier=native
	check "the strict program is attached" wirewall apply \
		--require native --strict-conntrack --rules "$rules" eth0
	closes 0 CLOSE "a reset closes the entry, with --strict-conntrack"
	check "the strict program is taken off" wirewall remove eth0
done

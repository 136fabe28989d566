#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# FTP, active and passive: the connection for data is one that the connection for
# control announces (CT --helper), RELATED; a rule behind drops what is NEW. With
# rules that give helpers, whatever opens a connection may be expected. Also run
# in a guest, where the helper is a module (tests/vm/cases/09_ftp.sh), with OPTIONS
# for `apply` and fewer TIERS. (nf_conntrack_helper went with Linux 6.0.)

# shellcheck source=tests/kernel/situations/lib.sh
. "$(dirname "$0")/lib.sh"

network_make || exit 1
if ! in_ns host iptables-legacy -t raw -A PREROUTING -p tcp --dport 21 \
	-j CT --helper ftp; then
	skip_all "FTP goes on" "this kernel has no nf_conntrack_ftp"
fi
rules_load <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p udp -m udp --dport 9 -j DROP
-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp
-A OUTPUT -p tcp -m tcp --dport 21 -j CT --helper ftp
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT
-A INPUT -m conntrack --ctstate NEW,INVALID,UNTRACKED -j DROP
COMMIT
RULES

# counted STATES: packets that the rule for these states has counted.
counted() {
	in_ns host iptables-legacy-save -c -t filter |
		sed -n "s/^\[\([0-9]*\):.*--ctstate $1 -j .*/\1/p"
}

# `ip netns exec` and no function where processes are to be ended: they are those
# that were begun.
# converse SERVER CLIENT ADDRESS: a connection to port 21 of ADDRESS; what is
# written to fd 7 is said by the server, to fd 8 by the client.
converse() {
	rm -f "$scratch"/{server,client}-says
	mkfifo "$scratch"/{server,client}-says || return
	ip netns exec "$1" timeout 30 nc -l "$3" 21 <"$scratch/server-says" \
		>"$scratch/server-hears" &
	talkers=($!)
	exec 7>"$scratch/server-says"
	wait_for 5 listening "$1" 21
	ip netns exec "$2" timeout 30 nc "$3" 21 <"$scratch/client-says" \
		>"$scratch/client-hears" &
	talkers+=($!)
	exec 8>"$scratch/client-says"
	# A command is looked for behind the end of another line.
	printf '220 ready\r\n' >&7
	printf 'USER anonymous\r\n' >&8
	wait_for 5 grep -q 220 "$scratch/client-hears" &&
		wait_for 5 grep -q USER "$scratch/server-hears"
}

listening() {
	in_ns "$1" grep -q ":$(printf %04X "$2") 00000000:0000 0A" /proc/net/tcp
}

# data PORT: does the peer bring it there?
data() {
	local taker
	ip netns exec host timeout 5 nc -l 192.0.2.1 "$1" >"$scratch/data" &
	taker=$!
	wait_for 5 listening host "$1"
	echo letters | in_ns peer timeout 5 nc -N -w 1 192.0.2.1 "$1" \
		2>/dev/null
	kill "$taker" 2>/dev/null
	wait "$taker" 2>/dev/null
	grep -q letters "$scratch/data"
}

quit() {
	exec 7>&- 8>&-
	kill "${talkers[@]}" 2>/dev/null
	wait "${talkers[@]}" 2>/dev/null
}

passive() {
	converse host peer 192.0.2.1 || return
	printf '227 Entering Passive Mode (192,0,2,1,78,32)\r\n' >&7
	wait_for 5 grep -q 227 "$scratch/client-hears" &&
		data 20000
}

active() {
	converse peer host 192.0.2.2 || return
	printf 'PORT 192,0,2,1,78,33\r\n' >&8
	wait_for 5 grep -q PORT "$scratch/server-hears" &&
		data 20001
}

# A connection to the same port that nothing announces.
unannounced() {
	! data 20000
}

# told SENTENCE COMMAND: as check(), but here, where the talkers are known.
told() {
	if "$2"; then ok "$1"; else not_ok "$1"; fi
}

# transferred WHEN: both ways, and what is not announced is dropped.
transferred() {
	moves 1 "passive: a connection is RELATED, $1" "counted RELATED" \
		told "passive: data comes, $1" passive
	told "passive: no more than what was announced, $1" unannounced
	quit
	moves 1 "active: a connection is RELATED, $1" "counted RELATED" \
		told "active: data comes, $1" active
	quit
}

transferred "before"
for tier in ${TIERS:-native generic}; do
	check "the program is attached, $tier" wirewall apply --max $tier \
		--require $tier ${OPTIONS:-} --rules "$rules" eth0
	dies "$tier" peer 192.0.2.1
	transferred "$tier"
	moves 0 "what may be expected is left to the host, $tier" early \
		unannounced
	check "the program is taken off, $tier" wirewall remove eth0
done

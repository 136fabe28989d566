# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced first by tests/kernel/situations/*.sh (tests/situations.md). Beyond
# tests/kernel/lib.sh:
#
#	peer eth0 (192.0.2.2) ---- eth0 (192.0.2.1) host eth1 (10.9.0.1) ----
#		eth0 (10.9.0.2) lan
#
# UDP to port 10 is accepted, to port 9 dropped, wherever it goes. Packets are
# counted by the host's own rules: what died early did not come to these.

situations=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/kernel/lib.sh
. "$situations/../lib.sh"

network_make() {
	ns_make host peer lan && veth_make host eth0 peer eth0 &&
		veth_make host eth1 lan eth0 &&
		addr host eth0 192.0.2.1/24 2001:db8:2::1/64 &&
		addr peer eth0 192.0.2.2/24 2001:db8:2::2/64 &&
		addr host eth1 10.9.0.1/24 && addr lan eth0 10.9.0.2/24 &&
		ip -n peer route add default via 192.0.2.1 &&
		ip -n lan route add default via 10.9.0.1 &&
		ip -n host route add default via 10.9.0.2 &&
		in_ns host sysctl -qw net.ipv4.ip_forward=1
}

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

# rules_load [FILE]: the ruleset on stdin, for iptables and for wirewall.
rules_load() {
	rules=$scratch/rules
	cat >"$rules"
	in_ns host iptables-legacy-restore "$rules" || exit 1
}

# The usual one.
rules_load_usual() {
	rules_load <<'RULES'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 10 -j ACCEPT
-A INPUT -p udp -m udp --dport 9 -j DROP
-A FORWARD -p udp -m udp --dport 10 -j ACCEPT
-A FORWARD -p udp -m udp --dport 9 -j DROP
COMMIT
RULES
}

# apply OPTION...: onto eth0, natively.
apply() {
	check "the program is attached" wirewall apply --require native \
		--rules "$rules" "$@" eth0
}

# send NS ADDRESS PORT: three UDP packets; all have arrived when this returns.
send() {
	local i
	for i in 1 2 3; do
		in_ns "$1" bash -c "echo $i >'/dev/udp/$2/$3'"
	done
}

# port_closed NS ADDRESS PORT: is it told that nobody is at that UDP port?
port_closed() {
	in_ns "$1" python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(2)
s.connect((sys.argv[1], int(sys.argv[2])))
s.send(b"x")
try:
    s.recv(1)
except ConnectionRefusedError:
    raise SystemExit(0)
raise SystemExit(1)' "$2" "$3"
}

# seen CHAIN PORT [NS]: packets that the first such rule there counted.
seen() {
	in_ns "${3:-host}" iptables-legacy-save -c -t filter |
		sed -n "s/^\[\([0-9]*\):.*-A $1 .*--dport $2 .*/\1/p" | head -1
}

# early: what has died early.
early() {
	wirewall stats --json eth0 |
		sed -n 's/.*"packets": \([0-9]*\).*/\1/p' | head -1
}

# moves COUNT SENTENCE COUNTER COMMAND...: by how much does the command move
# what COUNTER (words) prints?
moves() {
	local count=$1 sentence=$2 counter=$3 before after
	shift 3
	before=$($counter)
	"$@"
	after=$($counter)
	if [ $((after - before)) -eq "$count" ]; then
		ok "$sentence"
	else
		not_ok "$sentence" "$counter: $before before, $after after $*"
	fi
}

# accepted WHEN NS ADDRESS [CHAIN]: port 10 comes to the host's rules.
accepted() {
	moves 3 "what is accepted comes, $1" "seen ${4:-INPUT} 10" \
		send "$2" "$3" 10
}

# dies WHEN NS ADDRESS [CHAIN]: port 9 dies early.
dies() {
	local before
	before=$(seen "${4:-INPUT}" 9)
	moves 3 "what is forbidden dies early, $1" early send "$2" "$3" 9
	[ "$(seen "${4:-INPUT}" 9)" = "$before" ] ||
		not_ok "the host sees none of it, $1"
}

# stays WHEN NS ADDRESS [CHAIN]: port 9 is left to the host.
stays() {
	moves 3 "what is forbidden is left to the host, $1" \
		"seen ${4:-INPUT} 9" send "$2" "$3" 9
}

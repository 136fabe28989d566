#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# --log-sample with the log rules of ufw, which stand behind a limit and in a
# chain of their own: what is dropped early was dropped by the host before,
# and everything else reaches the host's log rules and is counted there. None
# gets lost between the two, and what the host accepts arrives.

. "$(dirname "$0")/lib.sh"

rate=50
sent=1000

# The limits let every packet be logged, so that log lines can be counted.
cat >"$scratch/ufw.rules" <<'RULES'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:ufw-after-logging-input - [0:0]
:ufw-before-input - [0:0]
:ufw-logging-deny - [0:0]
:ufw-not-local - [0:0]
-A INPUT -j ufw-before-input
-A INPUT -j ufw-after-logging-input
-A ufw-after-logging-input -m limit --limit 10000/sec --limit-burst 10000 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-before-input -p udp -m udp --dport 53 -j ACCEPT
-A ufw-before-input -j ufw-not-local
-A ufw-logging-deny -m conntrack --ctstate INVALID -m limit --limit 3/min --limit-burst 10 -j RETURN
-A ufw-logging-deny -m limit --limit 10000/sec --limit-burst 10000 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ufw-not-local -m limit --limit 10000/sec --limit-burst 10000 -j ufw-logging-deny
-A ufw-not-local -j DROP
COMMIT
RULES

# send PORT COUNT: datagrams to the host.
send() {
	in_ns peer python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("192.0.2.2", 1234))
for _ in range(int(sys.argv[2])):
    s.sendto(b"x", ("192.0.2.1", int(sys.argv[1])))
' "$@"
}

# How many packets the log rules have seen since the rules were loaded.
logged() {
	in_ns host iptables-legacy-save -c -t filter |
		sed -n 's/^\[\([0-9]*\):.*-j LOG.*/\1/p' |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# What wirewall has dropped.
early() {
	in_ns host "$WIREWALL" stats --json eth0 | python3 -c '
import json, sys
print(sum(i["packets"] for i in json.load(sys.stdin)["interfaces"]))'
}

is_logged() {
	[ "$(logged)" -ge "$1" ]
}

ns_make host peer || exit 1
veth_make host eth0 peer eth1 || exit 1
addr host eth0 192.0.2.1/24
addr peer eth1 192.0.2.2/24
in_ns host iptables-legacy-restore "$scratch/ufw.rules" || exit 1

send 9 "$sent"
check "without wirewall the host logs every packet" \
	wait_for 5 is_logged "$sent"

# attach [OPTION...]: fresh rules, a fresh program.
attach() {
	in_ns host iptables-legacy-restore "$scratch/ufw.rules" &&
		in_ns host "$WIREWALL" apply --require native \
			--rules "$scratch/ufw.rules" "$@" eth0
}

# Whether what was sent so far is all accounted for.
is_all_there() {
	[ "$(($(logged) + $(early)))" -eq "$sent" ]
}

check "wirewall takes the rules of ufw" attach
send 9 "$sent"
check "log lines that nobody gave up are all there" wait_for 5 is_all_there
check "nothing dies early instead" test "$(early)" = 0

check "--log-sample takes them, too" attach --log-sample "$rate"
send 9 "$sent"
check "each packet was dropped early or is in the log" wait_for 5 is_all_there
check "as many as were asked for are in the log" is_logged "$rate"
check "most of them died early" test "$(early)" -ge "$((sent / 2))"

in_ns host python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("192.0.2.1", 53))
print("ready", flush=True)
for _ in range(100):
    s.recv(10)
print("all", flush=True)
' >"$scratch/listener" &
wait_for 5 grep -q ready "$scratch/listener"
send 53 100
check "what the host accepts arrives, all of it" \
	wait_for 5 grep -q all "$scratch/listener"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A port of the host leads to the lan: its packets look like packets for the
# host, whose INPUT drops all.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load <<'RULES'
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i eth0 -p udp -m udp --dport 80 -j DNAT --to-destination 10.9.0.2:10
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 9 -j DROP
-A FORWARD -p udp -m udp --dport 10 -j ACCEPT
-A FORWARD -p udp -m udp --dport 9 -j DROP
COMMIT
RULES

moves 3 "the port leads to the lan, before" "seen FORWARD 10" \
	send peer 192.0.2.1 80
apply
moves 3 "the port leads to the lan, with the program" "seen FORWARD 10" \
	send peer 192.0.2.1 80
dies "with the program" peer 192.0.2.1

# On the way there the host may answer, though INPUT and FORWARD drop.
in_ns host iptables-legacy -I FORWARD -j DROP
in_ns host iptables-legacy-save >"$rules"
check "the lan is closed" wirewall apply --rules "$rules" eth0
traced() {
	in_ns peer python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
s.setsockopt(socket.IPPROTO_IP, 11, 1) # IP_RECVERR
s.settimeout(1)
s.connect(("192.0.2.1", 80))
s.send(b"x")
try:
    s.recv(1)
except OSError as e:
    raise SystemExit(e.errno != 113) # EHOSTUNREACH: its TTL ran out
raise SystemExit(1)'
}
check "a translated packet whose TTL runs out is answered" traced

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A policy of DROP in the table nat: its rules are asked about the packet that
# opens a connection, and about no other, answered or not; nor about ICMP errors,
# which are RELATED.

# shellcheck source=tests/kernel/situations/lib.sh
. "$(dirname "$0")/lib.sh"

# flow SIZE...: UDP packets of one flow with so many bytes, to port 10.
flow() {
	in_ns peer python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("192.0.2.2", 4000))
for size in sys.argv[1:]:
    s.sendto(bytes(int(size)), ("192.0.2.1", 10))
' "$@"
}

# refused: the host sends a packet, and is told that nobody is at that port.
refused() {
	in_ns host python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(2)
s.connect(("192.0.2.2", 9))
s.send(b"x")
try:
    s.recv(1)
except ConnectionRefusedError:
    raise SystemExit(0)
raise SystemExit(1)'
}

network_make || exit 1
rules_load <<'RULES'
*nat
:PREROUTING DROP [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -p udp -m length --length 0:60 -j ACCEPT
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate INVALID,UNTRACKED -j DROP
-A INPUT -p udp -m udp --dport 10 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 9 -j DROP
-A FORWARD -m conntrack --ctstate INVALID,UNTRACKED -j DROP
-A FORWARD -p tcp -m tcp --dport 9 -j DROP
COMMIT
RULES
moves 2 "the host takes long packets behind a short one" "seen INPUT 10" \
	flow 5 500
check "the host hears of closed ports" refused
apply
moves 0 "a long packet alone does not come" "seen INPUT 10" \
	in_ns peer bash -c 'printf "%0500d" 1 >/dev/udp/192.0.2.1/10'
moves 1 "a short one comes" "seen INPUT 10" flow 5
moves 1 "and a long one behind it" "seen INPUT 10" flow 500
check "ICMP errors come" refused

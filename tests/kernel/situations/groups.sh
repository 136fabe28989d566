#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Packets to a group, which this host is in and does not route: INPUT decides,
# whatever FORWARD would say. The host neither answers nor forwards them.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load <<'RULES'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 9 -j DROP
-A INPUT -p udp -m udp --dport 10 -j ACCEPT
-A FORWARD -p udp -m udp --dport 10 -j DROP
COMMIT
RULES

in_ns host python3 -c '
import signal, socket
member = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                  socket.inet_aton("239.1.1.1") + socket.inet_aton("192.0.2.1"))
print("ready", flush=True)
signal.pause()' >"$scratch/member" 2>&1 &
wait_for 3 grep -q ready "$scratch/member" || exit 1

# group GROUP PORT: three datagrams.
group() {
	in_ns peer python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 8)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
             socket.inet_aton("192.0.2.2"))
for _ in range(3):
    s.sendto(b"x", (sys.argv[1], int(sys.argv[2])))' "$@"
}

moves 3 "the host drops what is sent to its group" \
	"seen INPUT 9" group 239.1.1.1 9
moves 3 "the host takes what is sent to its group" \
	"seen INPUT 10" group 239.1.1.1 10
moves 0 "it sees nothing of other groups" "seen INPUT 9" group 239.2.2.2 9
apply
moves 3 "what it drops dies early" early group 239.1.1.1 9
moves 3 "what is sent to other groups does, too" early group 239.2.2.2 9
moves 3 "what it takes arrives" "seen INPUT 10" group 239.1.1.1 10
moves 0 "and none of it dies" early group 239.1.1.1 10

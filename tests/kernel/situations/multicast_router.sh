#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A multicast router: packets to a group go to the lan and to the host's own
# sockets, and neither INPUT nor FORWARD alone decides.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load <<'RULES'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 9 -j DROP
-A FORWARD -p udp -m udp --dport 9 -j ACCEPT
-A FORWARD -p udp -m udp --dport 10 -j DROP
-A INPUT -p udp -m udp --dport 10 -j ACCEPT
COMMIT
RULES

# As mrouted does: 239.1.1.1 from the peer goes on by eth1; joined by the host.
cat >"$scratch/route.py" <<'PYTHON'
import signal, socket, struct
INIT, ADD_VIF, ADD_MFC = 200, 202, 204
router = socket.socket(socket.AF_INET, socket.SOCK_RAW, 2)
router.setsockopt(socket.IPPROTO_IP, INIT, 1)
for vif, address in ((0, '192.0.2.1'), (1, '10.9.0.1')):
    router.setsockopt(socket.IPPROTO_IP, ADD_VIF, struct.pack(
        'HBBI4s4s', vif, 0, 1, 0, socket.inet_aton(address), bytes(4)))
ttls = bytes([0, 1]) + bytes(30)
router.setsockopt(socket.IPPROTO_IP, ADD_MFC, struct.pack(
    '4s4sH32s2xIIIi', socket.inet_aton('192.0.2.2'),
    socket.inet_aton('239.1.1.1'), 0, ttls, 0, 0, 0, 0))
member = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                  socket.inet_aton('239.1.1.1') + socket.inet_aton('192.0.2.1'))
print('ready', flush=True)
signal.pause()
PYTHON
in_ns host python3 "$scratch/route.py" >"$scratch/routing" 2>&1 &
if ! wait_for 3 grep -q ready "$scratch/routing"; then
	skip "a multicast router" "$(tail -1 "$scratch/routing")"
	exit 0
fi

group() {
	in_ns peer python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 8)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
             socket.inet_aton('192.0.2.2'))
for _ in range(3):
    s.sendto(b'x', ('239.1.1.1', $1))"
}

routed() {
	moves 3 "the lan is sent what the host itself drops, $1" \
		"seen FORWARD 9" group 9
	moves 3 "the host takes what the lan is not sent, $1" \
		"seen INPUT 10" group 10
}

routed "before"
apply
routed "with the program"
dies "to the host alone" peer 192.0.2.1

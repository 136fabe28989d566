#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A DHCP server and a DHCP client read their packets before netfilter does,
# whatever the rules say of them.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p udp -j DROP
COMMIT
RULES

# Like dhclient and dhcpd: a packet socket that hears UDP.
cat >"$scratch/hear.py" <<'PYTHON'
import socket, struct
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
s.bind(('eth0', 0x0800))
print('ready', flush=True)
while True:
    frame = s.recv(2000)
    if frame[23] == 17:
        print(struct.unpack('!H', frame[36:38])[0], flush=True)
PYTHON
in_ns host python3 "$scratch/hear.py" >"$scratch/heard" &
wait_for 5 grep -q ready "$scratch/heard" || exit 1

heard() {
	sleep 0.1
	grep -cx "$1" "$scratch/heard"
}

# datagrams FROM TO ADDRESS: three, between these ports.
datagrams() {
	in_ns peer python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b'eth0')
s.bind(('', $1))
for _ in range(3):
    s.sendto(b'x', ('$3', $2))"
}

heard_all() {
	moves 3 "a server hears a discover, $1" "heard 67" \
		datagrams 68 67 255.255.255.255
	moves 3 "a server hears a renewal, $1" "heard 67" \
		datagrams 68 67 192.0.2.1
	moves 3 "a client hears an offer, $1" "heard 68" \
		datagrams 67 68 192.0.2.1
}

heard_all "before"
for tier in native generic; do
	check "the program is attached, $tier" wirewall apply --max $tier \
		--require $tier --rules "$rules" eth0
	heard_all $tier
	moves 3 "other UDP dies early, $tier" early send peer 192.0.2.1 9
	wirewall remove eth0 >/dev/null
done

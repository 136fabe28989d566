#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A tap whose other end hands over merged TCP segments, longer than the MTU: the
# rules see their whole length.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load <<'RULES'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p tcp -m tcp --dport 9 -j DROP
-A INPUT -p tcp -m length --length 0:1500 -j DROP
-A INPUT -p tcp -m tcp --dport 10 -j ACCEPT
COMMIT
RULES

# A frame of many segments (virtio_net_hdr, GSO), or of one, to eth2.
cat >"$scratch/tap.py" <<'PYTHON'
import fcntl, os, socket, struct, sys, time
TUNSETIFF, IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x400454ca, 2, 0x1000, 0x4000
tap = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack(
    '16sH22x', b'eth2', IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))

def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total

def frame(port, size, flags=0x10):
    ends = socket.inet_aton('10.8.0.2') + socket.inet_aton('10.8.0.1')
    pseudo = checksum(ends + struct.pack('!HH', 6, 20 + size))
    tcp = struct.pack('!HHIIBBHHH', 1000, port, 1, 1, 0x50, flags, 8192,
                      pseudo, 0)
    ip = struct.pack('!BBHHHBBH', 0x45, 0, 40 + size, 1, 0x4000, 64, 6, 0)
    ip = ip + ends
    ip = ip[:10] + struct.pack('!H', ~checksum(ip) & 0xffff) + ip[12:]
    # F_NEEDS_CSUM; GSO_TCPV4 where it does not fit into one.
    gso = (1, 1400) if size > 1400 else (0, 0)
    head = struct.pack('<BBHHHH', 1, gso[0], 54, gso[1], 34, 16)
    mac = open('/sys/class/net/eth2/address').read().strip()
    eth = bytes.fromhex(mac.replace(':', '')) + bytes.fromhex('020000000802')
    return head + eth + b'\x08\x00' + ip + tcp + bytes(size)

print('ready', flush=True)
for line in sys.stdin:
    port, size = map(int, line.split())
    os.write(tap, frame(port, size))
    print('sent', flush=True)
PYTHON
[ -e /dev/net/tun ] || { skip "merged segments of a tap" "no tun here"; exit 0; }
coproc TAP { in_ns host python3 "$scratch/tap.py"; }
read -r -t 5 _ <&"${TAP[0]}" || exit 1
ip -n host link set eth2 up
addr host eth2 10.8.0.1/24

# give PORT SIZE: three of them.
give() {
	for _ in 1 2 3; do
		echo "$1 $2" >&"${TAP[1]}"
		read -r -t 5 _ <&"${TAP[0]}" || return
	done
}
early() {
	wirewall stats --json eth2 |
		sed -n '0,/"packets"/s/.*"packets": \([0-9]*\).*/\1/p'
}

tcp_seen() {
	seen INPUT "$1"
}
moves 3 "merged segments are accepted for their length, before" \
	"tcp_seen 10" give 10 4000
moves 0 "and one segment is not" "tcp_seen 10" give 10 1000
for tier in native generic; do
	check "the program is attached, $tier" wirewall apply --max $tier \
		--require $tier --rules "$rules" eth2
	moves 3 "merged segments are accepted for their length, $tier" \
		"tcp_seen 10" give 10 4000
	moves 0 "and one segment is not, $tier" "tcp_seen 10" give 10 1000
	moves 3 "merged segments for a closed port die early, $tier" \
		early give 9 4000
	moves 3 "and so does one segment, $tier" early give 9 1000
	check "it is removed, $tier" wirewall remove eth2
done

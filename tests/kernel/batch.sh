#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Packets right behind one another: the program judges all of a NAPI poll before
# the stack sees the first, and with receive packet steering the stack then
# takes them one by one. A SYN is answered before the reset behind it is looked
# at, which is ESTABLISHED for the host and nothing yet for the program.

. "$(dirname "$0")/lib.sh"

sentence="a reset in one batch with its SYN reaches the host"
connections=40

cat >"$scratch/server.rules" <<'RULES'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 80 --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT
COMMIT
RULES

cat >"$scratch/listen.py" <<'PYTHON'
import signal, socket
s = socket.socket()
s.bind(('192.0.2.1', 80))
s.listen(1000)
print('ready', flush=True)
signal.pause()
PYTHON

# SYN and RST, back to back, from ports of their own.
cat >"$scratch/abort.py" <<'PYTHON'
import os, socket, struct, sys, time

def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return struct.pack('!H', ~total & 0xffff)

def frame(port, flags, seq):
    ends = socket.inet_aton('192.0.2.2') + socket.inet_aton('192.0.2.1')
    tcp = struct.pack('!HHIIBBHHH', port, 80, seq, 0, 0x50, flags, 8192, 0, 0)
    tcp = tcp[:16] + checksum(ends + struct.pack('!HH', 6, 20) + tcp) + tcp[18:]
    ip = struct.pack('!BBHHHBBH', 0x45, 0, 40, 1, 0, 64, 6, 0) + ends
    ip = ip[:10] + checksum(ip) + ip[12:]
    return bytes.fromhex('020000000101020000000102') + b'\x08\x00' + ip + tcp

os.sched_setaffinity(0, {int(sys.argv[2])})
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
wire.bind(('eth1', 0))
for i in range(int(sys.argv[1])):
    wire.send(frame(2000 + i, 0x02, 1000))
    wire.send(frame(2000 + i, 0x04, 1001))
    time.sleep(0.005)
PYTHON

ns_make host peer || exit 1
veth_make host eth0 peer eth1 || exit 1
ip -n host link set eth0 address 02:00:00:00:01:01
ip -n peer link set eth1 address 02:00:00:00:01:02
addr host eth0 192.0.2.1/24
ip -n host neigh replace 192.0.2.2 lladdr 02:00:00:00:01:02 dev eth0 \
	nud permanent
in_ns host iptables-legacy-restore "$scratch/server.rules" || exit 1

in_ns host python3 "$scratch/listen.py" >"$scratch/listening" &
wait_for 5 grep -q ready "$scratch/listening" || exit 1
check "the program is attached natively" in_ns host "$WIREWALL" apply \
	--require native --rules "$scratch/server.rules" eth0

# The poll waits for a thread to wake up: what is sent at once is polled at once.
cpu=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
in_ns host sh -c "echo 1 >/sys/class/net/eth0/threaded &&
	printf %x $((1 << cpu)) >/sys/class/net/eth0/queues/rx-0/rps_cpus" ||
	skip_all "$sentence" "this kernel has no threaded polls or no steering"

in_ns peer python3 "$scratch/abort.py" "$connections" "$cpu"

# accepted: the packets that the rule for established connections has counted.
accepted() {
	in_ns host iptables-legacy -nvxL INPUT |
		awk '/ctstate ESTABLISHED/ { print $1 }'
}
all_accepted() {
	[ "$(accepted)" = "$connections" ]
}
if wait_for 3 all_accepted; then
	ok "$sentence"
else
	not_ok "$sentence" "$(accepted) of $connections were accepted
$(in_ns host "$WIREWALL" stats 2>&1)"
fi

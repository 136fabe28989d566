#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A router that hides the lan behind its own address; the program is on the
# outer interface, whose replies are for the lan.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load <<'RULES'
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 10 -j ACCEPT
-A INPUT -p udp -m udp --dport 9 -j DROP
-A FORWARD -i eth1 -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -p udp -m udp --dport 9 -j DROP
COMMIT
RULES

cat >"$scratch/answer.py" <<'PYTHON'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('192.0.2.2', 7))
t = socket.create_server(('192.0.2.2', 7))
print('ready', flush=True)
for _ in range(4):
    data, who = s.recvfrom(100)
    s.sendto(data + who[0].encode(), who)
    c, who = t.accept()
    c.sendall(b'x' * 100000)
    c.close()
PYTHON
cat >"$scratch/ask.py" <<'PYTHON'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(2)
s.connect(('192.0.2.2', 7))
s.send(b'from ')
assert s.recv(100) == b'from 192.0.2.1'
t = socket.create_connection(('192.0.2.2', 7), 2)
left = 100000
while left:
    left -= len(t.recv(left)) or sys.exit('cut short')
PYTHON
in_ns peer python3 "$scratch/answer.py" >"$scratch/ready" &
wait_for 5 grep -q ready "$scratch/ready"

# The lan speaks, by the host's address, and hears.
exchanged() {
	check "the lan's UDP and TCP are answered, $1" \
		in_ns lan python3 "$scratch/ask.py"
	check "the lan's ping is answered, $1" \
		in_ns lan ping -qc1 -W2 192.0.2.2
	check "the lan hears of a port without a socket, $1" \
		port_closed lan 192.0.2.2 4
}

exchanged "before"
apply
exchanged "with the program"
accepted "with the program" peer 192.0.2.1
dies "for the host" peer 192.0.2.1
dies "for the lan" peer 10.9.0.2 FORWARD
check "the program is replaced" wirewall apply --rules "$rules" eth0
exchanged "with another program"

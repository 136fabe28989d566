#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The firewall that most hosts have: accept what belongs to connections, a few
# ports, drop the rest. Conversations in both directions go on while the program
# is attached, replaced and removed; what nobody asked for dies early.

. "$(dirname "$0")/lib.sh"

cat >"$scratch/server.rules" <<'RULES'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p icmp -m icmp --icmp-type 8 -s 192.0.2.3/32 -j ACCEPT
COMMIT
RULES
sed 's/192.0.2.3\/32/fd00::3\/128/; s/-p icmp -m icmp --icmp-type 8/-p ipv6-icmp -m icmp6 --icmpv6-type 128/
s/^COMMIT/-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j ACCEPT\n-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 136 -j ACCEPT\nCOMMIT/' \
	"$scratch/server.rules" >"$scratch/server6.rules"

ns_make host peer || exit 1
veth_make host eth0 peer eth1 || exit 1
addr host eth0 192.0.2.1/24 fd00::1/64
addr peer eth1 192.0.2.2/24 192.0.2.3/24 fd00::2/64 fd00::3/64
in_ns host iptables-legacy-restore "$scratch/server.rules" || exit 1
in_ns host ip6tables-legacy-restore "$scratch/server6.rules" || exit 1

cat >"$scratch/talk.py" <<'PYTHON'
import socket, sys
role, address, port, kind = sys.argv[1:5]
family = socket.AF_INET6 if ':' in address else socket.AF_INET
stream = kind == 'tcp'
s = socket.socket(family, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM)
s.settimeout(2)
if role == 'answer':
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, int(port)))
    if stream:
        s.listen(1)
        print('ready', flush=True)
        c, _ = s.accept()
        c.settimeout(2)
        data = b''
        while len(data) < 300000:
            data += c.recv(65536)
        c.sendall(data)
        c.close()
    else:
        print('ready', flush=True)
        data, who = s.recvfrom(2000)
        s.sendto(data, who)
else:
    size = 300000 if stream else 1000
    s.connect((address, int(port)))
    s.sendall(b'x' * size)
    data = b''
    while len(data) < size:
        more = s.recv(65536)
        if not more:
            sys.exit(1)
        data += more
PYTHON

# talk FROM TO ADDRESS PORT tcp|udp: 300000 bytes or a datagram, there and back.
talk() {
	local answer status
	in_ns "$2" python3 "$scratch/talk.py" answer "$3" "$4" "$5" \
		>"$scratch/ready" &
	answer=$!
	wait_for 5 grep -q ready "$scratch/ready"
	in_ns "$1" timeout 10 python3 "$scratch/talk.py" ask "$3" "$4" "$5" \
		2>/dev/null
	status=$?
	kill "$answer" 2>/dev/null
	wait "$answer" 2>/dev/null
	rm -f "$scratch/ready"
	return $status
}

# drops: packets that died early.
drops() {
	in_ns host "$WIREWALL" stats --json eth0 |
		sed -n '0,/"packets"/s/.*"packets": \([0-9]*\).*/\1/p'
}

# accepted WHEN: what the firewall lets through.
accepted() {
	local when=$1
	check "TCP that the peer opens to port 22 goes on, $when" \
		talk peer host 192.0.2.1 22 tcp
	check "TCP that the host opens goes on, $when" \
		talk host peer 192.0.2.2 7000 tcp
	check "UDP that the host sends is answered, $when" \
		talk host peer 192.0.2.2 7000 udp
	check "TCP that the host opens over IPv6 goes on, $when" \
		talk host peer fd00::2 7000 tcp
	check "UDP that the host sends over IPv6 is answered, $when" \
		talk host peer fd00::2 7000 udp
	check "the host's ping is answered, $when" \
		in_ns host ping -qc1 -W2 192.0.2.2
	check "the host's IPv6 ping is answered, $when" \
		in_ns host ping -qc1 -W2 fd00::2
	check "an allowed ping is answered, $when" \
		in_ns peer ping -qc1 -W2 -I 192.0.2.3 192.0.2.1
	check "a port without a socket answers the host, $when" \
		refused_at_once
}

# ICMP errors belong to the packet that they quote.
refused_at_once() {
	in_ns host python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(2)
s.connect(("192.0.2.2", 9))
s.send(b"x")
try:
    s.recv(10)
except ConnectionRefusedError:
    raise SystemExit(0)
except TimeoutError:
    pass
raise SystemExit(1)'
}

forbidden() {
	local before after
	before=$(drops)
	check_fails "TCP to a closed port is not answered" \
		in_ns peer timeout 1 nc -z 192.0.2.1 80
	in_ns peer sh -c 'echo x | timeout 1 nc -u -w1 192.0.2.1 4000'
	in_ns peer sh -c 'echo x | timeout 1 nc -u -w1 fd00::1 4000'
	after=$(drops)
	if [ "$((after - before))" -ge 3 ]; then
		ok "what nobody asked for dies early"
	else
		not_ok "what nobody asked for dies early" \
			"drops: $before before, $after after"
	fi
}

# A program in shadow counts what the host then drops itself.
shadowed() {
	in_ns host iptables-legacy -Z INPUT
	in_ns peer sh -c 'echo x | timeout 1 nc -u -w1 192.0.2.1 4000'
	check "stats of a shadow work" in_ns host "$WIREWALL" stats eth0
	check_says '^eth0: .* 1 packets would have been dropped' \
		"a shadow counts what it would drop"
	check "the host dropped it" eval "in_ns host iptables-legacy \
		-nvxL INPUT | grep -q 'policy DROP 1 packets'"
}

accepted "before"
for tier in native generic; do
	check "apply works, $tier" in_ns host "$WIREWALL" apply \
		--max $tier --require $tier --rules "$scratch/server.rules" \
		--rules6 "$scratch/server6.rules" eth0
	accepted "$tier"
	forbidden
	check "shadow apply works, $tier" in_ns host "$WIREWALL" apply \
		--shadow --max $tier --require $tier \
		--rules "$scratch/server.rules" \
		--rules6 "$scratch/server6.rules" eth0
	shadowed
	check "strict apply works, $tier" in_ns host "$WIREWALL" apply \
		--strict-conntrack --max $tier --require $tier \
		--rules "$scratch/server.rules" \
		--rules6 "$scratch/server6.rules" eth0
	accepted "$tier, strict"
	check "remove works, $tier" in_ns host "$WIREWALL" remove eth0
done
accepted "after"

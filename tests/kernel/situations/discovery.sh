#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# IPv6 neighbour discovery, router advertisements and multicast listeners below
# a firewall that drops the rest.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules=$scratch/rules6
{
	printf '%s\n' '*filter' ':INPUT DROP [0:0]' ':FORWARD DROP [0:0]' \
		':OUTPUT ACCEPT [0:0]' \
		'-A INPUT -p udp -m udp --dport 9 -j DROP' \
		'-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT'
	for type in 130 134 135 136; do
		echo "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type $type -j ACCEPT"
	done
	echo COMMIT
} >"$rules"
in_ns host ip6tables-legacy-restore "$rules" || exit 1
in_ns host sysctl -qw net.ipv6.conf.all.forwarding=0 \
	net.ipv6.conf.eth0.accept_ra=1

# Router advertisement, query for listeners: from the peer's link-local address.
cat >"$scratch/say.py" <<'PYTHON'
import socket, struct, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58)
index = socket.if_nametoindex('eth0')
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
if sys.argv[1] == 'advertise':
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    s.sendto(struct.pack('!BBHBBHII', 134, 0, 0, 64, 0, 1800, 0, 0),
             ('ff02::1', 0, 0, index))
else:
    # Multicast listener queries have a router alert (RFC 2710).
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_HOPOPTS,
                 bytes([58, 0, 5, 2, 0, 0, 1, 0]))
    s.sendto(struct.pack('!BBHHH16s', 130, 0, 0, 1, 0, bytes(16)),
             ('ff02::1', 0, 0, index))
PYTHON

reports() {
	in_ns host sed -n 's/^Icmp6OutMLDv2Reports *//p' /proc/net/snmp6
	in_ns host sed -n 's/^Icmp6OutGroupMembResponses *//p' /proc/net/snmp6
}

# discovered WHEN
discovered() {
	local before
	ip -n host -6 neigh flush dev eth0
	ip -n peer -6 neigh flush dev eth0
	check "the host finds its neighbour, $1" \
		in_ns host ping -qc1 -W2 2001:db8:2::2
	ip -n host -6 route flush proto ra
	in_ns peer python3 "$scratch/say.py" advertise
	check "the host takes the router that is advertised, $1" wait_for 3 \
		eval "ip -n host -6 route show default | grep -q 'proto ra'"
	before=$(reports)
	in_ns peer python3 "$scratch/say.py" query
	answered() { [ "$(reports)" != "$before" ]; }
	check "the host says which groups it listens to, $1" wait_for 5 answered
}

peer_ready() {
	in_ns peer ip -6 addr show dev eth0 scope link | grep -q fe80
}
wait_for 5 peer_ready
discovered "before"
for tier in native generic; do
	check "the program is attached, $tier" wirewall apply --max $tier \
		--require $tier --rules "$rules" eth0
	discovered $tier
	moves 3 "other IPv6 dies early, $tier" early send peer 2001:db8:2::1 9
	wirewall remove eth0 >/dev/null
done

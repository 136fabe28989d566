#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Packets with IP options are the host's: some of them it answers, or sends
# elsewhere, before it asks the rules.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load_usual

# with_options PORT: three packets that record their route.
with_options() {
	in_ns peer python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS,
             bytes([7, 7, 4, 0, 0, 0, 0, 0]))
for _ in range(3):
    s.sendto(b'x', ('192.0.2.1', $1))"
}

recorded() {
	in_ns peer ping -c1 -W2 -R 192.0.2.1 | grep -q 'RR:'
}

check "a ping that records its route is answered, before" recorded
apply
check "a ping that records its route is answered, with the program" recorded
moves 3 "packets with options are accepted" "seen INPUT 10" with_options 10
moves 3 "packets with options are left to the host" "seen INPUT 9" \
	with_options 9
dies "without options" peer 192.0.2.1

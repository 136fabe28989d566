#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Frames of 9000 bytes, which lie in several buffers for a native program.

. "$(dirname "$0")/lib.sh"

network_make || exit 1
rules_load_usual
for ns in host peer; do
	ip -n $ns link set eth0 mtu 9000
done

# big PORT: three datagrams of 8900 bytes.
big() {
	in_ns peer python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(3):
    s.sendto(bytes(8900), ('192.0.2.1', $1))"
}

moves 3 "big packets are accepted, before" "seen INPUT 10" big 10
for tier in native generic; do
	check "the program is attached, $tier" wirewall apply --max $tier \
		--require $tier --rules "$rules" eth0
	moves 3 "big packets are accepted, $tier" "seen INPUT 10" big 10
	moves 3 "big packets that are forbidden die early, $tier" early big 9
	check "a ping of 8900 bytes is answered, $tier" \
		in_ns peer ping -qc1 -W2 -s 8900 192.0.2.1
	wirewall remove eth0 >/dev/null
done

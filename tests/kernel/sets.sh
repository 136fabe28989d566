#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sets of ipset, live: what the host's iptables drops by its sets, the program
# drops by its copies; blocklists; sets that nobody gave.
. "$(dirname "$0")/lib.sh"

command -v ipset >/dev/null ||
	skip_all "sets of ipset, live" "no ipset here, ci/deps installs it"

ns_make server client
veth_make server eth0 client eth0
addr server eth0 10.1.0.1/24 fd00:1::1/64
addr client eth0 10.1.0.2/24 10.1.0.3/24 fd00:1::2/64 fd00:1::3/64

dir=$(mktemp -d)
cat >"$dir/sets" <<'END'
create bad hash:net family inet
add bad 10.1.0.0/24
add bad 10.1.0.2 nomatch
create bad6 hash:ip family inet6
add bad6 fd00:1::3
create pairs hash:ip,port family inet
add pairs 10.1.0.2,udp:77
END
cat >"$dir/rules" <<'END'
*filter
:INPUT ACCEPT [0:0]
-A INPUT -m set --match-set bad src -j DROP
-A INPUT -m set --match-set pairs src,dst -j DROP
COMMIT
END
cat >"$dir/rules6" <<'END'
*filter
:INPUT ACCEPT [0:0]
-A INPUT -m set --match-set bad6 src -j DROP
COMMIT
END
in_ns server ipset restore <"$dir/sets"
in_ns server iptables-restore <"$dir/rules"
in_ns server ip6tables-restore <"$dir/rules6"

wirewall() {
	in_ns server "$WIREWALL" "$@"
}

# A ping's answer tells whether it arrived.
ping_from() {
	in_ns client ping -q -c 1 -W 1 -I "$1" "$2"
}

# send_udp SOURCE PORT: a datagram to the server, answered by nobody.
send_udp() {
	in_ns client python3 - "$1" "$2" <<'END'
import socket, sys
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.bind((sys.argv[1], 0))
out.sendto(b"x", ("10.1.0.1", int(sys.argv[2])))
END
}

# early TEXT: packets that rules with this text dropped early.
early() {
	wirewall stats eth0 --json | python3 -c '
import json, sys
counters = json.load(sys.stdin)["interfaces"][0]["counters"]
print(sum(c["packets"] for c in counters if sys.argv[1] in c["text"]))' "$1"
}

check "rules with sets are applied" wirewall apply --rules "$dir/rules" \
	--rules6 "$dir/rules6" --sets "$dir/sets" eth0
check_fails "an address of a set is dropped" ping_from 10.1.0.3 10.1.0.1
check "one that the set leaves out arrives" ping_from 10.1.0.2 10.1.0.1
# Neighbour discovery first, by an address that is let in.
check "an IPv6 address that is in no set arrives" ping_from fd00:1::2 fd00:1::1
check_fails "one of a set is dropped" ping_from fd00:1::3 fd00:1::1
send_udp 10.1.0.2 77
send_udp 10.1.0.2 78
for text in "bad src" "bad6 src" "pairs src,dst"; do
	check "one was dropped early: $text" [ "$(early "$text")" -eq 1 ]
done

check "the kernel's own sets are used with its rules" \
	wirewall apply --from-kernel eth0
before=$(early "bad src")
ping_from 10.1.0.3 10.1.0.1 >/dev/null
check "they drop early, too" [ "$(early "bad src")" -eq $((before + 1)) ]

check "rules without their sets are applied" \
	wirewall apply --rules "$dir/rules" eth0
check_says 'the set bad, which was not given' "a set that is missing is named"
check "packets of a set that is not known are left to the host" \
	ping_from 10.1.0.2 10.1.0.1

printf '; a list\n10.1.0.3 ; somebody\n\nfd00:1::3/128\n' >"$dir/block"
check "a blocklist alone can be applied" \
	wirewall apply --block "$dir/block" eth0
check_fails "what it lists is dropped" ping_from 10.1.0.3 10.1.0.1
check_fails "of IPv6 as well" ping_from fd00:1::3 fd00:1::1
check "what it does not list arrives" ping_from 10.1.0.2 10.1.0.1
check "the list counts" [ "$(early wirewall-block)" -eq 2 ]

check "an address is added to the list" \
	wirewall set add eth0 wirewall-block 10.1.0.2
check_fails "it is dropped from then on" ping_from 10.1.0.2 10.1.0.1
check "it is taken out again" wirewall set del eth0 wirewall-block 10.1.0.2
check "it arrives again" ping_from 10.1.0.2 10.1.0.1
check "and no other was" wirewall set list eth0 --json
check_says '"ranges": 1' "the list has one range of IPv4"
check_exit 2 "what is no address is refused" \
	wirewall set add eth0 wirewall-block 10.1.0.256
check_exit 3 "a set that nobody asks for is refused" \
	wirewall set add eth0 nobody 10.1.0.2
check_says 'asks no set nobody' "and named"
check_exit 1 "an unknown verb is refused" wirewall set fill eth0 x y
echo 10.1.0.2 >"$dir/other"
check "all of it can be swapped" \
	wirewall set swap eth0 wirewall-block "$dir/other"
# The host's own rules drop it later.
before=$(early wirewall-block)
ping_from 10.1.0.3 10.1.0.1 >/dev/null
check "what was there has gone" [ "$(early wirewall-block)" -eq "$before" ]
check_fails "what is new is dropped" ping_from 10.1.0.2 10.1.0.1
check "the list as it was can be applied again" \
	wirewall apply --block "$dir/block" eth0
check "and is what it was" ping_from 10.1.0.2 10.1.0.1
check_fails "with all that it had" ping_from 10.1.0.3 10.1.0.1

check "sets with ports" wirewall apply --rules "$dir/rules" \
	--sets "$dir/sets" eth0
check "have elements added from stdin" sh -c "echo 10.1.0.2,udp:78 |
	ip netns exec server '$WIREWALL' set add eth0 pairs -"
check "and deleted" wirewall set del eth0 pairs 10.1.0.2,udp:77
send_udp 10.1.0.2 77
send_udp 10.1.0.2 78
check "which the next packets meet" [ "$(early "pairs src,dst")" -eq 1 ]

mkdir "$dir/lists"
echo 10.1.0.2 >"$dir/lists/one"
echo 10.1.0.3 >"$dir/lists/two"
check "a directory of blocklists is one list" \
	wirewall apply --block "$dir/lists" eth0
check_fails "the first of them counts" ping_from 10.1.0.2 10.1.0.1
check_fails "the second, too" ping_from 10.1.0.3 10.1.0.1
echo "10.1.0.300" >"$dir/lists/three"
check_exit 2 "a bad line is an error" wirewall apply --block "$dir/lists" eth0
check_says 'lists/three: line 1' "which names file and line"
check_fails "the old list still filters" ping_from 10.1.0.2 10.1.0.1

rm -rf "$dir"
[ "$results_failed" -eq 0 ]

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# sample shows the packets that die early, with the rule that decides: as text,
# as JSON, as a capture; also those of a program that only counts.

. "$(dirname "$0")/lib.sh"

cat >"$scratch/server.rules" <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p udp -m udp --dport 9 -j DROP
-A PREROUTING -p udp -m udp --dport 10 -j DROP
COMMIT
RULES

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

# flood PORT...: datagrams to these, until it is killed.
flood() {
	in_ns peer python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("192.0.2.2", 1234))
while True:
    for port in sys.argv[1:]:
        s.sendto(b"x" * 400, ("192.0.2.1", int(port)))
    time.sleep(0.01)
' "$@" &
	flooding=$!
}

ns_make host peer || exit 1
veth_make host eth0 peer eth1 || exit 1
addr host eth0 192.0.2.1/24
addr peer eth1 192.0.2.2/24
in_ns host iptables-legacy-restore "$scratch/server.rules" || exit 1

check_exit 3 "without a program there is nothing to sample" \
	wirewall sample --count 1 eth0
check "the program is attached" wirewall apply --rules \
	"$scratch/server.rules" eth0
flood 9 10 11

check "sample ends after the packets that were asked for" \
	timeout 20 ip netns exec host "$WIREWALL" sample --count 4 eth0
check_says "dropped udp 192.0.2.2:1234 > 192.0.2.1:9 .*\(442 bytes\): raw PREROUTING 1, line 3: -p udp -m udp --dport 9 -j DROP" \
	"it names packet and rule"
check_says "192.0.2.1:10 .*raw PREROUTING 2, line 4" "also another one"
check "as many lines as packets" test "$(wc -l <<<"$output")" = 4
check_fails "what passes is no sample" grep -q "192.0.2.1:11 " <<<"$output"

check "sample prints JSON" timeout 20 ip netns exec host \
	"$WIREWALL" sample --json --count 1 eth0
check "which has rule and reason" in_ns host python3 -c '
import json, sys
sample = json.loads(sys.argv[1])
assert sample["kind"] == "sample" and sample["shadow"] is False
assert sample["chain"] == "PREROUTING" and sample["number"] in (1, 2)
assert sample["stage"] == "PREROUTING" and "NEW" in sample["states"]
' "$output"

check "sample writes a capture" timeout 20 ip netns exec host \
	"$WIREWALL" sample --pcap "$scratch/dropped.pcap" --count 3 eth0
check "explain reads it" wirewall explain --rules "$scratch/server.rules" \
	--in eth0 --pcap "$scratch/dropped.pcap"
check_says "192.0.2.2:1234 > 192.0.2.1" "and finds the packets"
timeout 20 ip netns exec host "$WIREWALL" sample --pcap - --count 2 \
	eth0 >"$scratch/piped.pcap"
check "a capture goes to standard output, too, and nothing else" \
	wirewall explain --rules "$scratch/server.rules" --in eth0 \
	--pcap "$scratch/piped.pcap"

ip netns exec host "$WIREWALL" sample eth0 >"$scratch/first" &
first=$!
has_sample() {
	[ -s "$scratch/first" ]
}
wait_for 10 has_sample
check_exit 3 "a second reader is refused" wirewall sample --count 1 eth0
check_says "process $first reads these samples" "and the first one named"
kill -9 "$first"
wait "$first" 2>/dev/null
sleep 2.5
check "whoever dies leaves nothing behind" timeout 20 ip netns exec host \
	 "$WIREWALL" sample --count 1 eth0

check "the program is attached in shadow mode" wirewall apply --shadow \
	--rules "$scratch/server.rules" eth0
check "sample shows what it would drop" timeout 20 ip netns exec host \
	 "$WIREWALL" sample --count 1 eth0
check_says "would drop udp" "and says so"
kill "$flooding"

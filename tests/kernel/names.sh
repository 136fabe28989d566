#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Names that others chose, with what a terminal or a shell would obey: whatever
# wirewall prints about them has nothing but printable characters.

. "$(dirname "$0")/lib.sh"

# Clears a screen, and runs something for whoever pastes it.
iface=$'e\e[2J\a;$(id)'
chain=$'c\e[31m'
comment=$'a\e]0;b\a "c" \x9b d'

# Nothing here takes long; what waits for packets that do not come ends.
wirewall() {
	timeout 20 ip netns exec host "$WIREWALL" "$@"
}

# On a terminal, without colours: these are escapes of our own.
on_terminal() {
	local line
	printf -v line '%q ' timeout 20 ip netns exec host "$WIREWALL" "$@"
	NO_COLOR=1 script -qec "$line" /dev/null </dev/null | tr -d '\r'
}

# harmless SENTENCE: has $output anything to say, and nothing to obey?
harmless() {
	if [ -z "$output" ]; then
		not_ok "$1" "nothing was said"
	elif LC_ALL=C grep -q '[^[:print:][:blank:]]' <<<"$output"; then
		not_ok "$1" "$(cat -v <<<"$output")"
	else
		ok "$1"
	fi
}

# says WORD...: what it prints, piped and on a terminal.
says() {
	local what
	what=$(cat -v <<<"$*")
	output=$(wirewall "$@" 2>&1)
	harmless "piped: ${what//"$scratch"\//}"
	output=$(on_terminal "$@" 2>&1)
	harmless "on a terminal: ${what//"$scratch"\//}"
}

ns_make host peer && ip link add "$iface" netns host type veth peer name p0 \
	netns peer && ip -n host link set "$iface" up &&
	ip -n peer link set p0 up || exit 1
addr host "$iface" 192.0.2.1/24 && addr peer p0 192.0.2.2/24 || exit 1
cat >"$scratch/rules" <<RULES
*raw
:PREROUTING ACCEPT [0:0]
:$chain - [0:0]
-A PREROUTING -j $chain
-A $chain -p udp -m udp --dport 9 -m comment --comment "${comment//\"/\\\"}" -j DROP
-A $chain -p udp -m udp --dport 10 -m set --match-set $chain src -j DROP
-A $chain -s 192.0.2.9/32 -m recent --name $chain -j DROP
COMMIT
RULES
printf 'create %s hash:ip\nadd %s 192.0.2.77\n' "$chain" "$chain" \
	>"$scratch/sets"
sed "s/--dport 9/--dport $chain/" "$scratch/rules" >"$scratch/bad-$chain.rules"
mkdir "$scratch/conf" "$scratch/conf-$chain"
printf '[interface %s]\nrules = %s\n' "$iface" "$scratch/rules" \
	>"$scratch/conf/a.conf"
printf '[interface %s]\nrules = %s\n' "$iface" "$scratch/no-$chain" \
	>"$scratch/conf-$chain/$chain.conf"
given=(--rules "$scratch/rules" --sets "$scratch/sets")

says plan "${given[@]}" "$iface"
says plan --advise --measure "${given[@]}" "$iface"
says plan "${given[@]}" "absent-$chain"
says caps "$iface"
says caps --markdown "$iface"
says caps --fix "$iface"
says apply --shadow "${given[@]}" "$iface"
says apply "${given[@]}" "$iface"
ip netns exec peer /usr/bin/python3 "$top/tests/kernel/arrivals.py" \
	send 192.0.2.1 9 &
for format in '' --json; do
	says status $format
	says stats $format
	says status "$iface" $format
	says sample --count 2 "$iface" $format
	says set list "$iface" $format
	says explain "${given[@]}" --in "$iface" $format \
		--packet 'udp 192.0.2.2:1 > 192.0.2.1:9'
	says plan "${given[@]}" $format "$iface"
	says apply --diff "${given[@]}" --static $format "$iface"
	says config check --config "$scratch/conf" $format
done
says stats --prometheus
output=$(on_terminal fmt "$scratch/rules")
harmless "fmt: on a terminal what is printed is harmless"
says fmt "$scratch/bad-$chain.rules"
says plan --rules "$scratch/bad-$chain.rules" "$iface"
says config check --config "$scratch/conf-$chain"
says config check --config "$scratch/nowhere-$chain"
says set add "$iface" "$chain" "1.2.3.$chain"
says set add "$iface" "no-$chain" 1.2.3.4
says explain "${given[@]}" --in "$iface" --packet "udp $chain"
says explain "${given[@]}" --in "$iface" --pcap "$scratch/no-$chain"
says check "$scratch/no-$chain"
says "word-$chain"
says plan "--$chain"
says stats --listen "unix:$scratch/no-$chain/socket"
says stats --textfile "$scratch/no-$chain/text"

# Events: another rule, and the interface goes.
ip netns exec host "$WIREWALL" watch --config "$scratch/conf" \
	2>"$scratch/log" &
watcher=$!
logged() {
	grep -q "\[$1\]" "$scratch/log"
}
wait_for 10 logged watching
ip netns exec host "$WIREWALL" remove "$iface" >"$scratch/removed" 2>&1
wait_for 10 logged removed
ip -n host link del "$iface"
wait_for 10 logged gone
kill "$watcher"
wait "$watcher"
output=$(cat "$scratch/removed")
harmless "remove: what is printed is harmless"
output=$(cat "$scratch/log")
harmless "watch: events are harmless"
says remove "$iface"


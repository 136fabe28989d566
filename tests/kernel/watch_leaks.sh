#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A watcher keeps nothing of what is over, however often the world changes:
# CHANGES=150 of rules, NAMES=60 interfaces that come and go, each under a name
# of its own.

. "$(dirname "$0")/watch/lib.sh"

changes=${CHANGES:-150}
names=${NAMES:-60}

# listen_for_status: what the watcher tells systemd comes to $scratch/status.
listen_for_status() {
	export NOTIFY_SOCKET=$scratch/notify
	/usr/bin/python3 -c '
import socket, sys
here = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
here.bind(sys.argv[1])
while True:
    print(here.recv(4096).decode(), flush=True)' "$NOTIFY_SOCKET" \
		>"$scratch/status" &
	wait_for 5 test -S "$NOTIFY_SOCKET"
}

# How many interfaces it knows of.
known() {
	sed -n 's/^STATUS=watching \([0-9]*\) interfaces\?$/\1/p' \
		"$scratch/status" | tail -1
}

knows() {
	[ "$(known)" = "$1" ]
}

# In the middle of a plan it has more: the least of some moments counts.
least() {
	for _ in 1 2 3 4 5 6 7 8; do
		"$@"
		sleep 0.1
	done | sort -n | head -1
}

fds() {
	find "/proc/$watcher/fd" -mindepth 1 | wc -l
}

# Programs and maps that it holds itself.
held() {
	cat "/proc/$watcher/fdinfo/"* 2>/dev/null |
		grep -Ec '^(prog|map)_id:'
}

memory() {
	awk '/VmRSS/ { print $2 }' "/proc/$watcher/status"
}

# attached: the programs that it has attached so far, by its own word.
attached() {
	sed -n 's/.*\[applied\].* program \([0-9]*\):.*/\1/p' "$log" |
		sort -u
}

# survivors: those of them that the kernel still has, whoever holds them.
survivors() {
	bpftool -j prog show | grep -o '"id":[0-9]*' | cut -d: -f2 | sort -u |
		comm -12 - <(attached)
}

only_the_attached() {
	[ "$(survivors)" = "$(xdp_id host eth0)" ]
}

take_stock() {
	wait_for 10 drops_now
	sleep 0.5
	fds_before=$(least fds)
	held_before=$(least held)
	memory_before=$(memory)
}

same_fds() {
	[ "$(least fds)" -eq "$fds_before" ]
}

same_held() {
	[ "$(least held)" -eq "$held_before" ]
}

same_memory() {
	[ "$(memory)" -lt $((memory_before + 2048)) ]
}

# nothing_kept AFTER WHAT
nothing_kept() {
	wait_for 10 same_fds && ok "no file stays open, $1" ||
		not_ok "no file stays open, $1" \
			"$fds_before before, $(least fds) after"
	wait_for 10 same_memory && ok "no memory is lost, $1" ||
		not_ok "no memory is lost, $1" \
			"$memory_before KiB before, $(memory) after"
	wait_for 10 same_held && ok "it holds no program and no map, $1" ||
		not_ok "it holds no program and no map, $1" \
			"$held_before before, $(least held) after"
	wait_for 10 only_the_attached &&
		ok "only what is attached is left of its programs, $1" ||
		not_ok "only what is attached is left of its programs, $1" \
			"$(survivors)"
	note "$1: files $fds_before, then $(least fds); programs and maps \
held $held_before, then $(least held); KiB $memory_before, then $(memory); \
programs attached $(attached | wc -l), left $(survivors | wc -l)"
}

# Each 25 of them are planned.
change_rules() {
	local done_so_far
	for ((done_so_far = 0; done_so_far < changes; done_so_far += 25)); do
		forget
		in_ns host bash -c 'nft flush chain ip filter INPUT &&
			for i in $(seq 24); do
				nft add rule ip filter INPUT \
					udp dport $(($1 % 9 * 100 + i)) drop ||
					exit
			done' - "$((done_so_far / 25))" &&
			wait_for 30 logged applied || return
	done
	nft_rule -F INPUT && nft_rule -A INPUT -p udp --dport 9 -j DROP
}

# come_and_go FIRST LAST: pairs of veth devices, each renamed on its way.
come_and_go() {
	local i
	for i in $(seq "$1" "$2"); do
		ip -n host link add "eth$i" type veth peer name "p$i" || return
		ip -n host link set "eth$i" name "ethx$i" &&
			ip -n host link set "ethx$i" up || return
		[ $((i % 4)) -ne 0 ] || wait_for 10 logged applied "ethx$i" ||
			return
		ip -n host link del "ethx$i" || return
	done
}

world_make || exit 1
in_ns host iptables-nft -L >/dev/null 2>&1 ||
	skip_all "the watcher keeps nothing" "no iptables-nft"
nft_rule -A INPUT -p udp --dport 9 -j DROP
listen_for_status
watch
flow 9
again "packets die early"
wait_for 5 knows 1 && ok "it knows of one interface" ||
	not_ok "it knows of one interface" "$(cat "$scratch/status")"

take_stock
change_rules && ok "rules are changed, and planned" ||
	not_ok "rules are changed, and planned" "$(said)"
again "after $changes changes packets die early"
nothing_kept "after $changes changes"

# The first ones make room for the later ones.
come_and_go 1 8
wait_for 10 knows 1
take_stock
forget
come_and_go 9 "$names" && ok "interfaces come and go" ||
	not_ok "interfaces come and go" "$(tail -5 "$log")"
wait_for 10 knows 1 && ok "it knows of one interface again" ||
	not_ok "it knows of one interface again" "of $(known)"
grep -q '^STATUS=watching 2 interfaces' "$scratch/status" &&
	ok "and knew of the others while they were there" ||
	not_ok "and knew of the others while they were there"
again "packets die early while others come and go"
nothing_kept "after $names names"

kill -TERM "$watcher"
wait "$watcher"
check "the watcher ends when asked" test $? -eq 0

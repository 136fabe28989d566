#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The watcher's unit: what it may not, and that it does its work all the same;
# root/ has systemd kill it for a system call that the filter does not have.
#
# guest-files: tests/vm/boot/lib.sh

. "$(dirname "$0")/lib.sh"
unit=wirewall-watch.service
pid=$(property $unit MainPID)

# status_of NAME: from /proc/PID/status.
status_of() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status"
}

# capabilities BIT...: as the kernel prints them.
capabilities() {
	local bit mask=0
	for bit; do
		mask=$((mask | 1 << bit))
	done
	printf '%016x' $mask
}

# inside COMMAND...: with the files that the watcher sees.
inside() {
	nsenter --mount="/proc/$pid/ns/mnt" "$@"
}

is_confined() {
	check_is 2 "a filter of system calls is on" status_of Seccomp
	check_is 1 "it can gain no privilege" status_of NoNewPrivs
	# DAC_READ_SEARCH, NET_ADMIN, NET_RAW, SYS_ADMIN, SYS_RESOURCE,
	# PERFMON, BPF (linux/capability.h)
	check_is "$(capabilities 2 12 13 21 24 38 39)" \
		"it has the capabilities of the unit and no others" \
		status_of CapEff
	check_fails "/etc is read-only to it" inside touch /etc/wirewall/new
	check_fails "and so is /proc/sys" \
		inside sysctl -w net.ipv4.ip_forward=1
	check_fails "/tmp is its own" inside test -e /tmp/of-all
	check "/run/wirewall can be written" inside touch /run/wirewall/new
	rm -f /run/wirewall/new
	output=$(systemd-analyze security --no-pager $unit 2>&1 | tail -n 1)
	check_says 'Overall exposure level .*: [0-9.]+' \
		"systemd-analyze has a figure for it"
	note "$output"
}

works_all_the_same() {
	local before
	before=$(program eth0)
	iptables -A INPUT -p udp --dport 7 -j DROP
	check_soon "a new rule of the host dies early, too" \
		dies_early eth0 192.0.2.1 7
	check_fails "by another program" test "$before" = "$(program eth0)"
	check_is 5 "the journal has the change" eval \
		'events rules-changed WIREWALL_INTERFACE=eth0 | field PRIORITY'
	check_is "native $(program eth0)" "and what came of it, in fields" eval \
		'line=$(events applied WIREWALL_INTERFACE=eth0)
		echo "$(field WIREWALL_TIER <<<"$line")" \
			"$(field WIREWALL_PROGRAM <<<"$line")"'
	check_is no-offload "a tier that was not had has its reason" \
		eval 'events tier-not-had | field WIREWALL_REASON'
	check_is "0 $pid" "all by the same process" eval \
		'echo "$(property $unit NRestarts) $(property $unit MainPID)"'
}

# comes_back: there is another process, and systemd takes it for ready.
comes_back() {
	local new
	new=$(property $unit MainPID)
	[ "$new" -ne 0 ] && [ "$new" -ne "$pid" ] &&
		systemctl is-active $unit
}

is_ended() {
	[ "$(property $unit MainPID)" -ne "$pid" ]
}

# watchdog TIME: from the next start on. Nobody waits for the unit's own.
watchdog() {
	mkdir -p /run/systemd/system/$unit.d
	printf '[Service]\nWatchdogSec=%s\n' "$1" \
		>/run/systemd/system/$unit.d/watchdog.conf
	systemctl daemon-reload
}

is_never_gone_for_long() {
	local before
	before="$(program eth0) $(program eth1)"
	kill -KILL "$pid"
	check_soon "killed, it comes back" comes_back
	check_is "$before" "with the same programs on the interfaces" eval \
		'echo "$(program eth0) $(program eth1)"'
	watchdog 5s && systemctl restart $unit
	pid=$(property $unit MainPID)
	kill -STOP "$pid"
	check_soon "held up, it is ended by systemd" is_ended
	watchdog infinity
	check_is watchdog "because of the watchdog" eval "journalctl -u $unit |
		sed -n 's/.*Failed with result .\\([a-z]*\\).*/\\1/p' | tail -n 1"
	check_soon "and comes back" comes_back
	check_is "$before" "with the same programs again" eval \
		'echo "$(program eth0) $(program eth1)"'
	check "that drop" dies_early eth0 192.0.2.1 7
}

touch /tmp/of-all
is_confined
works_all_the_same
is_never_gone_for_long

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# systemd as the first process: the units come up in their order, what can die
# early does so after a boot, and an interface that is late gets its program.
#
# guest-files: tests/vm/boot/lib.sh tests/vm/boot/wire.sh

. "$(dirname "$0")/lib.sh"

# begins_after UNIT UNIT...: the first one's process, after the others are up.
begins_after() {
	local begin unit
	begin=$(property "$1" ExecMainStartTimestampMonotonic)
	for unit in "${@:2}"; do
		[ "$(property "$unit" ActiveEnterTimestampMonotonic)" -gt 0 ] &&
			[ "$(property "$unit" ActiveEnterTimestampMonotonic)" \
				-le "$begin" ] ||
			{ echo "$1 did not wait for $unit"; return 1; }
	done
}

# knows UNIT NEIGHBOUR...: units that are there, which it is ordered behind.
knows() {
	local unit
	for unit in "${@:2}"; do
		[ "$(property "$unit" LoadState)" = loaded ] ||
			{ echo "there is no $unit"; return 1; }
		grep -qw -- "$unit" <<<"$(property "$1" After)" ||
			{ echo "$1 is not after $unit"; return 1; }
	done
}

comes_up() {
	wait_for 60 systemctl is-active cases.target
	check_is running "the guest is up, and no unit has failed" \
		systemctl is-system-running
	check_fails "no unit had to be left out to break a cycle" \
		journalctl --grep 'ordering cycle|Job .* deleted'
	check_fails "systemd knows every line of the units" \
		journalctl --grep 'wirewall.*\.service:[0-9]+: '
	check "wirewall.service comes after network and firewalls" \
		begins_after wirewall.service netfilter-persistent.service \
		nftables.service ufw.service docker.service wire.service
	check "the watcher comes after that" begins_after \
		wirewall-watch.service wirewall.service docker.service
	check "both stand behind the firewalls of Debian" eval \
		'for unit in wirewall wirewall-watch; do
			knows $unit.service netfilter-persistent.service \
				nftables.service firewalld.service ufw.service \
				docker.service || exit; done'
}

filters() {
	check_is "$(journalctl -u wirewall.service |
		sed -n 's/.*eth1: 1 of 1 .*(native, program \([0-9]*\)).*/\1/p')" \
		"what wirewall.service attached is what the watcher found" \
		program eth1
	check "a packet dies early where facts were vouched for" \
		dies_early eth1 198.51.100.1 9
	check "and where the watcher has them" dies_early eth0 192.0.2.1 9
	check_is 0 "so that the firewall saw none" host_saw 9
}

late_comes() {
	check_is late0 "an interface that is not there is told" eval \
		'events absent | field WIREWALL_INTERFACE'
	ip link add late0 type veth peer name late0 netns peer
	ip link set late0 up
	ip -n peer link set late0 up
	check_soon "when it comes it gets its program" \
		eval 'test -n "$(program late0)"'
	ip link del late0
	check_soon "when it goes that is told" \
		eval 'test -n "$(events gone WIREWALL_INTERFACE=late0)"'
}

comes_up
filters
late_comes

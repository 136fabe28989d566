#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# An upgrade under traffic, by the package's own scripts; then what the
# administrator stops, breaks and removes.
#
# guest-files: tests/vm/boot/lib.sh

. "$(dirname "$0")/lib.sh"
unit=wirewall-watch.service

both() {
	echo "$(program eth0) $(program eth1)"
}

# The watcher's lease on the drops of eth0 (LEASE_MS in cli/watched.c).
lease=10

is_upgraded_under_traffic() {
	local before saw saw_leased early pid sender begin
	before=$(both) saw=$(host_saw 7) saw_leased=$(host_saw 9)
	early=$(early eth1)
	pid=$(property $unit MainPID)
	# A sleep that starts no process.
	ip netns exec peer bash -c 'exec 3<> <(:)
	until read -rt 0.02 -u 3; do
		echo packet >/dev/udp/192.0.2.1/9
		echo packet >/dev/udp/198.51.100.1/7
	done' &
	sender=$!
	cp /usr/sbin/wirewall /usr/sbin/wirewall.dpkg-new
	echo >>/usr/sbin/wirewall.dpkg-new
	mv /usr/sbin/wirewall.dpkg-new /usr/sbin/wirewall
	begin=$SECONDS
	check "the package's script runs after an upgrade" \
		/wirewall/deb/postinst configure 0.0
	check_fails "the watcher is the new one" \
		test "$pid" = "$(property $unit MainPID)"
	check "and is ready" systemctl is-active $unit
	[ $((SECONDS - begin)) -lt $((lease - 1)) ] || saw_leased=
	kill "$sender"
	check_is "$before" "the programs are those of before" both
	check_is "$saw" "no packet came through meanwhile" host_saw 7
	check "though many were sent" test "$(early eth1)" -gt $((early + 20))
	if [ -n "$saw_leased" ]; then
		check_is "$saw_leased" "nor where drops rest on the watcher" \
			host_saw 9
	else
		note "so slow that the watcher's lease ended: no more to see"
	fi
}

follows_the_files() {
	local pid
	pid=$(property $unit MainPID)
	sed -i '/^\[interface eth1/,/^$/d' /etc/wirewall/boot.conf
	check "a reload" systemctl reload $unit
	check_soon "takes the program off whom the files name no more" \
		eval 'test -z "$(program eth1)"'
	check_is "$pid" "by the same process" property $unit MainPID
	echo nonsense >>/etc/wirewall/boot.conf
	systemctl reload $unit
	check_soon "files that are not understood are told" \
		eval 'test -n "$(events bad-config)"'
	check "and change nothing" dies_early eth0 192.0.2.1 9
	check_fails "a watcher does not begin with them" systemctl restart $unit
	check_is "failed exit-code 2" "and is not started again and again" eval \
		'echo "$(property $unit ActiveState) $(property $unit Result)" \
			"$(property $unit ExecMainStatus)"'
	sed -i '/^nonsense$/d' /etc/wirewall/boot.conf
	check "with files that are right" systemctl restart $unit
	check "it watches again" dies_early eth0 192.0.2.1 9
}

is_stopped_and_removed() {
	local before
	before=$(program eth0)
	check "the watcher is stopped" systemctl stop $unit
	check_is "$before" "and what is attached stays" program eth0
	systemctl start $unit
	check "wirewall is stopped" systemctl stop wirewall.service
	check_is "no program of wirewall is attached" "which takes all off" \
		wirewall status
	check_is inactive "and nobody puts it back" systemctl is-active $unit
	check "a start of the watcher" systemctl start $unit
	check_soon "brings all of it back" dies_early eth0 192.0.2.1 9
	check "the package's script runs before a removal" \
		/wirewall/deb/prerm remove
	check_is "no program of wirewall is attached" "nothing is left" \
		wirewall status
	check_is disabled "and nothing comes at the next boot" \
		systemctl is-enabled $unit
	send 2 192.0.2.1 9
	check_fails "the firewall filters as ever" test "$(host_saw 9)" = 0
}

is_upgraded_under_traffic
follows_the_files
is_stopped_and_removed

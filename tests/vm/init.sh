#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the cases one after the other and ends the guest. It is the guest's first
# process, or, in tests/vm/boot.sh, a service of systemd, which is then. Results go
# to the second serial port; the first is the kernel's. From the environment, that
# is, the kernel's command line: CASE_LIMIT, seconds for each case.

export PATH=/usr/bin HOME=/root
apart=()
if [ $$ -eq 1 ]; then
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t devtmpfs devtmpfs /dev
	mount -t tmpfs tmpfs /run
	mount -t tmpfs tmpfs /tmp
	mount -t bpf bpf /sys/fs/bpf
	mount -t debugfs debugfs /sys/kernel/debug
	ip link set lo up
	# No process of a case is left to hold the pipe open.
	apart=(unshare --pid --fork --kill-child --mount-proc)
fi
stty -F /dev/ttyS1 raw
exec </dev/null >/dev/ttyS1 2>&1
cd /wirewall || reboot -f

uptime_now() {
	cut -d' ' -f1 /proc/uptime
}

echo "# guest: $(uname -sr), first case after $(uptime_now) s"
while read -r script; do
	echo "# begin $script"
	# Through a pipe, so that nobody finds a terminal.
	timeout -s KILL "${CASE_LIMIT:-300}" "${apart[@]}" \
		bash "$script" </dev/null 2>&1 | cat
	echo "# end $script: status ${PIPESTATUS[0]}, at $(uptime_now) s"
done <cases
# The last close of the port waits until all is sent.
exec >/dev/null 2>&1
reboot -f

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The first process of the guest: runs the cases one after the other and ends
# the machine. Results go to the second serial port; the first is the kernel's.
# From the kernel's command line: CASE_LIMIT, seconds for each case.

export PATH=/usr/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mount -t bpf bpf /sys/fs/bpf
mount -t debugfs debugfs /sys/kernel/debug
stty -F /dev/ttyS1 raw
exec </dev/null >/dev/ttyS1 2>&1
ip link set lo up
cd /wirewall || reboot -f

uptime_now() {
	cut -d' ' -f1 /proc/uptime
}

echo "# guest: $(uname -sr), first case after $(uptime_now) s"
while read -r script; do
	echo "# begin $script"
	# Through a pipe, so that nobody finds a terminal; in a namespace, so
	# that no process of the case is left to hold it open.
	timeout -s KILL "${CASE_LIMIT:-120}" unshare --pid --fork --kill-child \
		--mount-proc bash "$script" </dev/null 2>&1 | cat
	echo "# end $script: status ${PIPESTATUS[0]}, at $(uptime_now) s"
done <cases
# The last close of the port waits until all is sent.
exec >/dev/null 2>&1
reboot -f

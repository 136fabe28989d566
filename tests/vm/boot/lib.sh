# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced first by tests/vm/boot/[0-9]*.sh, which run in the guest beside systemd,
# one after the other: each finds what the one before has left. wire.sh tells
# what is there.

set -u
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
. "$top/tests/kernel/checks.sh"
trap checks_end EXIT

# property UNIT NAME
property() {
	systemctl show --property "$2" --value "$1"
}

# events NAME [FIELD=VALUE...]: the watcher's, as the journal has them: JSON.
events() {
	journalctl --output json --identifier wirewall \
		_SYSTEMD_UNIT=wirewall-watch.service "WIREWALL_EVENT=$1" \
		"${@:2}"
}

# field NAME: of the last of these events.
field() {
	tail -n 1 | sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'
}

# program IF: the id of the one on it.
program() {
	ip -d link show dev "$1" | sed -n 's/.*prog\/xdp id \([0-9]*\).*/\1/p'
}

# early IF: packets that died there.
early() {
	wirewall stats --json "$1" |
		sed -n 's/^ *"packets": \([0-9]*\),\?$/\1/p' | head -n 1
}

# host_saw PORT: packets that the host's own rule for this port matched.
host_saw() {
	iptables-save -c -t filter |
		sed -n "s/^\[\([0-9]*\):.*--dport $1 .*/\1/p"
}

# send COUNT ADDRESS PORT: UDP from the peer; what arrives does so before this
# returns.
send() {
	local i
	for ((i = 0; i < $1; i++)); do
		ip netns exec peer bash -c \
			'echo packet >"/dev/udp/$0/$1"' "$2" "$3"
	done
}

# dies_early IF ADDRESS PORT
dies_early() {
	local before
	before=$(early "$1")
	send 2 "$2" "$3"
	[ -n "$before" ] && [ "$(early "$1")" -eq $((before + 2)) ]
}

# check_soon SENTENCE COMMAND...: it succeeds before long, on a slow machine, too.
check_soon() {
	local deadline=$((SECONDS + 60))
	until "${@:2}" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$deadline" ]; then
			not_ok "$1" "$(journalctl --no-pager -n 20)"
			return
		fi
		sleep 0.2
	done
	ok "$1"
}

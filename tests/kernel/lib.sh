# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced first by every tests/kernel/*.sh:
#
#	#!/bin/bash
#	# SPDX-License-Identifier: GPL-2.0-only
#	. "$(dirname "$0")/lib.sh"
#
# The script then runs again inside namespaces of its own (network, mounts,
# processes): /run is a private tmpfs, so `ip netns add` and /run/wirewall leave
# nothing on the machine, and when the script ends, however it ends, the kernel
# ends every process in there and with it namespaces, links and programs.
#
# Results are those of checks.sh.

set -u

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# A path from a caller may be relative to the top of the tree.
case ${WIREWALL:-} in
'') WIREWALL=$top/${BUILD:-build}/wirewall ;;
/*) ;;
*) WIREWALL=$top/$WIREWALL ;;
esac
export WIREWALL
PATH=$PATH:/usr/sbin:/sbin

. "$top/tests/kernel/checks.sh"

# ns_make NAME...: network namespaces, lo up, quiet IPv6 (no DAD, no RA, no MLD
# reports from interfaces that are made later).
ns_make() {
	local ns
	for ns; do
		ip netns add "$ns" || return
		ip -n "$ns" link set lo up
		in_ns "$ns" sysctl -qw net.ipv6.conf.default.accept_dad=0 \
			net.ipv6.conf.default.accept_ra=0 \
			net.ipv6.conf.default.router_solicitations=0
	done
}

# in_ns NAME COMMAND...
in_ns() {
	ip netns exec "$@"
}

# veth_make NS1 IF1 NS2 IF2: a pair, both ends up.
veth_make() {
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3" || return
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
	wait_for 5 carrier "$1" "$2"
}

carrier() {
	[ "$(in_ns "$1" cat "/sys/class/net/$2/carrier")" = 1 ]
}

# addr NS IF ADDRESS/LENGTH...
addr() {
	local ns=$1 dev=$2 address
	shift 2
	for address; do
		ip -n "$ns" addr add "$address" dev "$dev" || return
	done
}

# The XDP program on an interface: its id, or nothing.
xdp_id() {
	ip -n "$1" -d -j link show dev "$2" |
		sed -n 's/.*"xdp":{[^}]*"prog":{"id":\([0-9]*\).*/\1/p'
}

# SANDBOX_REFUSED: the exit status when there can be no sandbox (0: a SKIP).
sandbox_enter() {
	local name why
	name=$(basename "$0" .sh)
	if [ "$(id -u)" -ne 0 ]; then
		echo "SKIP - $name: needs root"
		exit "${SANDBOX_REFUSED:-0}"
	fi
	if ! why=$(unshare --net --mount --pid --fork --mount-proc true 2>&1)
	then
		echo "SKIP - $name: needs namespaces of its own: $why"
		exit "${SANDBOX_REFUSED:-0}"
	fi
	export WIREWALL_SANDBOX=$PPID
	exec unshare --net --mount --pid --fork --kill-child --mount-proc \
		-- bash "$0" "$@"
}

sandbox_begin() {
	unset WIREWALL_SANDBOX # a script that this one runs gets its own
	# Process 1 of a pid namespace ignores what it has no handler for.
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	trap checks_end EXIT
	mount -t tmpfs tmpfs /run || exit 1
	mount -t sysfs sysfs /sys || exit 1
	mkdir -p /run/lock /run/test
	# shellcheck disable=SC2034
	scratch=/run/test # files of the test; gone with the namespace
	ip link set lo up
}

[ -n "${WIREWALL_SANDBOX:-}" ] || sandbox_enter "$@"
sandbox_begin

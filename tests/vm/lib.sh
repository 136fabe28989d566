# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced first by tests/vm/cases/*.sh. Beyond tests/kernel/lib.sh:
#
#	host (eth0, 192.0.2.1) <---- veth ----> peer (eth0, 192.0.2.2)

# The namespace where the guest's devices are, for the script that runs again in
# one of its own.
[ -n "${WIREWALL_SANDBOX:-}" ] || exec 9</proc/self/ns/net

. "$(dirname "${BASH_SOURCE[0]}")/../kernel/lib.sh"

pair_make() {
	ns_make host peer && veth_make host eth0 peer eth0 &&
		addr host eth0 192.0.2.1/24 && addr peer eth0 192.0.2.2/24
}

# device_take ADDRESS NAME: the guest's device with that address, as NAME in the
# host, up. Fails when the guest has none.
device_take() {
	local dev
	dev=$(nsenter --net=/proc/self/fd/9 ip -o link |
		sed -n "s/^[0-9]*: \([^:@]*\).* $1 .*/\1/p")
	[ -n "$dev" ] && nsenter --net=/proc/self/fd/9 \
		ip link set "$dev" netns host name "$2" &&
		ip -n host link set "$2" up
}

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

# rules_load: the ruleset on stdin, into $rules and the host's iptables.
rules_load() {
	# shellcheck disable=SC2034
	rules=$scratch/rules
	cat >"$rules"
	in_ns host iptables-legacy-restore <"$rules"
}

# rules_seen TEXT: the packets that the host's own rule with this text matched.
rules_seen() {
	in_ns host iptables-legacy-save -c -t raw |
		sed -n 's/^\[\([0-9]*\):[0-9]*\] '"$1"'.*/\1/p'
}

# send COUNT ADDRESS PORT: UDP packets from the peer; all have arrived when this
# returns, as the last hop of a veth is the sender's own work.
send() {
	local i
	for ((i = 0; i < $1; i++)); do
		in_ns peer bash -c 'echo packet >"/dev/udp/$0/$1"' "$2" "$3"
	done
}

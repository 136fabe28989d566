#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Somebody else's program is named with its id, its mode and what holds it; the
# command that caps gives takes it off.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../lib/caps.sh"

# foreign WHAT MODE HOLDER: the program on eth0 is seen, and goes by the fix.
foreign() {
	local what=$1 mode=$2 holder=$3 id fix
	id=$(xdp_id host eth0)
	output=$(wirewall caps --json eth0)
	check_says '"reason": "foreign-program"' "$what is in the way"
	check_says "\"id\": $id,?$" "$what: by its id"
	check_says "\"mode\": \"$mode\"" "$what: in its mode"
	check_says "\"owner\": \"$holder\"" "$what: held by $holder"
	check_says '"recommended": "none"' "$what: nothing is recommended"
	check_exit 3 "$what: apply leaves it alone" \
		wirewall apply --static --rules "$scratch/caps.rules" eth0
	check_says "id $id" "$what: and names it"
	fix=$(wirewall caps --json eth0 | grep -A 30 '"foreign-program"' |
		member fix)
	note "fix: $fix"
	check "$what: the fix runs" in_ns host sh -c "$fix"
	check "$what: then nothing is attached" \
		wait_for 5 test -z "$(xdp_id host eth0)"
	agree "after $what" eth0 native
}

by_netlink() {
	theirs eth0 xdpdrv obj "$object" sec xdp &&
		foreign "a native program" native netlink
	theirs eth0 xdpgeneric obj "$object" sec xdp && foreign "a generic program" generic netlink
}

by_link() {
	local holder
	in_ns host python3 "$top/tests/lib/xdp_link.py" eth0 \
		>"$scratch/held" 2>&1 &
	holder=$!
	if ! wait_for 5 test -s "$scratch/held" ||
		[ -z "$(xdp_id host eth0)" ]; then
		skip "a program held by a bpf_link" "$(cat "$scratch/held")"
		return
	fi
	foreign "a program held by a bpf_link" native link
	kill "$holder" 2>/dev/null
	wait "$holder" 2>/dev/null
}

by_libxdp() {
	if ! command -v xdp-loader >/dev/null; then
		skip "a program of libxdp" "no xdp-loader here, ci/deps installs it"
		return
	fi
	# shellcheck disable=SC2024
	if ! output=$(in_ns host xdp-loader load -m native -s xdp eth0 \
		"$object" 2>&1); then
		skip "a program of libxdp" "xdp-loader: $output"
		return
	fi
	foreign "a program of libxdp" native netlink
}

ns_make host peer && veth_make host eth0 peer eth0 || exit 1
caps_begin
by_netlink
by_link
by_libxdp

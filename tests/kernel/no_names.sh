#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Nowhere to keep the names of rules: /run/wirewall read-only, full, not to be
# made, or no directory. What filters does not depend on it, and apply says
# what will be missing.

. "$(dirname "$0")/lib.sh"

# in_place COMMAND...: with /run as the shell words in $place make it.
in_place() {
	ip netns exec host unshare --mount bash -c "$place"' && exec "$@"' - \
		"$@"
}

# new_rules: other ones than before.
new_rules() {
	count=$((count + 1))
	printf '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 10.%d.0.0/16 -j DROP\nCOMMIT\n' \
		"$count" >"$scratch/rules"
}

is_replaced() {
	local former=$attached
	attached=$(xdp_id host eth0)
	[ -n "$attached" ] && [ "$attached" != "$former" ]
}

# apply_in_place SENTENCE OPTION...: attaches, and says what is missing.
apply_in_place() {
	local sentence=$1
	shift
	new_rules
	check "apply $* attaches $sentence" in_place "$WIREWALL" apply \
		--rules "$scratch/rules" "$@" eth0
	check_says 'names of rules will be missing in status and stats: cannot write' \
		"and says what that means"
	check_says "$why" "and why"
	is_replaced && ok "the new policy is there" ||
		not_ok "the new policy is there"
	check "status knows it" in_place "$WIREWALL" status eth0
	check_says "program $attached" "by its number"
	check_says 'is not recorded' "without names"
}

keeper_waits() {
	in_ns host grep -q '@wirewall/confirm' /proc/net/unix
}

no_keeper() {
	! keeper_waits
}

# try_in_place SENTENCE: all that is about applying.
try_in_place() {
	apply_in_place "$1"
	apply_in_place "$1" --confirm 60
	check "it can be confirmed" in_place "$WIREWALL" confirm
	wait_for 5 no_keeper
	local kept=$attached
	apply_in_place "$1" --confirm 60
	kill -TERM "$(ip netns pids host)"
	wait_for 5 no_keeper
	attached=$(xdp_id host eth0)
	[ "$attached" = "$kept" ] && ok "or be rolled back" ||
		not_ok "or be rolled back" "$kept was there, $attached is"
}

ns_make host peer && veth_make host eth0 peer eth0 || exit 1
mkdir /run/wirewall
count=0 attached=
# What tests need of /run is kept.
place='mount -o bind,ro /run/wirewall /run/wirewall' why='Read-only file system'
try_in_place "where the names' directory is read-only"
place='mount -t tmpfs -o size=4k tmpfs /run/wirewall &&
	head -c 4096 /dev/zero >/run/wirewall/filler'
why='No space left on device'
try_in_place "where the disk is full"
rmdir /run/wirewall
place='mount -o remount,bind,ro /run' why='Read-only file system|No such file'
try_in_place "where /run is read-only"
touch /run/wirewall
place=true why='Not a directory'
apply_in_place "where a file is in the way"
rm /run/wirewall
new_rules
place=true
check "names are kept where they can be" in_place "$WIREWALL" apply \
	--rules "$scratch/rules" eth0
check "status has them" in_place "$WIREWALL" status eth0
check_says '/rules$' "with the file's"

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced behind tests/kernel/lib.sh by tests of the watcher: what it says, in
# the file $log.

log=$scratch/log
seen=0 # lines of it that are old

# said: since the last call of `forget`.
said() {
	tail -n "+$((seen + 1))" "$log"
}

forget() {
	seen=$(wc -l <"$log")
}

# logged EVENT [TEXT]
logged() {
	said | grep -F "[$1]" | grep -q -- "${2:-}"
}

# expect SENTENCE EVENT [TEXT]
expect() {
	local sentence=$1
	shift
	if wait_for "${PATIENCE:-15}" logged "$@"; then
		ok "$sentence"
	else
		not_ok "$sentence" "$(said)"
	fi
}

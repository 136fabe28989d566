#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The runner finds what is wrong with every case of tests/vm/broken, and a guest
# that does not end.

cd "$(dirname "$0")/../.." || exit 1
. ci/count.sh

# found SENTENCE: a failure that the runner told.
found() {
	if grep -Fqx "not ok - $1" <<<"$output"; then
		echo "ok - the runner finds: $1"
	else
		echo "not ok - the runner finds: $1"
	fi
}

broken() {
	local at=tests/vm/broken status
	output=$(CASE_LIMIT=5 tests/vm/run $at/*.sh)
	status=$?
	if grep '^SKIP - ' <<<"$output"; then
		return
	fi
	found "$at/1_says_nothing.sh tests something"
	found "$at/2_ends_badly.sh ends with status 0 (it was 3)"
	found "$at/3_hangs.sh ends within its time"
	found "$at/4_panics.sh runs to its end: Kernel panic - not syncing: sysrq triggered crash"
	found "$at/5_comes_too_late.sh begins: Kernel panic - not syncing: sysrq triggered crash"
	found "the guest's kernel has no complaint"
	if [ $status -ne 0 ] && grep -q '^not ok' <<<"$output"; then
		echo "ok - the runner's status is a failure"
	else
		echo "not ok - the runner's status is a failure"
	fi
	sed 's/^/#   /' <<<"$output"
	output=$(VM_LIMIT=1 tests/vm/run $at/1_says_nothing.sh)
	found "$at/1_says_nothing.sh begins: the guest took more than 1 s (VM_LIMIT)"
}

count_run selftest broken
count_end

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced by lib.sh, and by scripts that need no namespaces of their own.
#
# Results are lines: ok - SENTENCE, not ok - SENTENCE, SKIP - SENTENCE: WHY;
# everything else a test wants to say goes behind "# ". The exit status is 0
# when nothing failed.

results_ok=0 results_failed=0 results_skipped=0 output=

ok() {
	results_ok=$((results_ok + 1))
	echo "ok - $1"
}

# not_ok SENTENCE [WHAT WAS SEEN]
not_ok() {
	results_failed=$((results_failed + 1))
	echo "not ok - $1"
	[ $# -lt 2 ] || note "$2"
}

skip() {
	results_skipped=$((results_skipped + 1))
	echo "SKIP - $1: $2"
}

skip_all() {
	skip "$@"
	exit 0
}

note() {
	printf '%s\n' "$1" | sed 's/^/#   /'
}

# check SENTENCE COMMAND...: ok when the command succeeds.
check() {
	check_exit 0 "$@"
}

# check_exit STATUS SENTENCE COMMAND...: ok when the command ends with STATUS.
# What it wrote, to stdout and stderr, is in $output afterwards.
check_exit() {
	local expected=$1 sentence=$2 status
	shift 2
	output=$("$@" 2>&1)
	status=$?
	if [ "$status" -eq "$expected" ]; then
		ok "$sentence"
	else
		not_ok "$sentence" "$*
exit status $status, expected $expected
$output"
	fi
}

# check_fails SENTENCE COMMAND...: ok when the command does not succeed.
check_fails() {
	local sentence=$1
	shift
	if output=$("$@" 2>&1); then
		not_ok "$sentence" "$* succeeded
$output"
	else
		ok "$sentence"
	fi
}

# check_says PATTERN SENTENCE: ok when $output has a line with the pattern (ERE).
check_says() {
	if grep -Eq -- "$1" <<<"$output"; then
		ok "$2"
	else
		not_ok "$2" "expected to see: $1
$output"
	fi
}

# check_is EXPECTED SENTENCE COMMAND...: what the command prints.
check_is() {
	local expected=$1 sentence=$2
	shift 2
	output=$("$@" 2>&1)
	if [ "$output" = "$expected" ]; then
		ok "$sentence"
	else
		not_ok "$sentence" "$*
expected $expected, seen: $output"
	fi
}

# wait_for SECONDS COMMAND...: until the command succeeds; its status at the end.
wait_for() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.05
	done
}

# checks_end: for `trap checks_end EXIT`: what is wrong with a script as a whole.
checks_end() {
	local status=$?
	if [ "$status" -ne 0 ]; then
		not_ok "$(basename "$0" .sh) ran to its end" "exit status $status"
	elif [ $((results_ok + results_failed + results_skipped)) -eq 0 ]; then
		not_ok "$(basename "$0" .sh) tested something"
	fi
	[ "$results_failed" -eq 0 ] || exit 1
	exit 0
}

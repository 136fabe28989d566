# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced by the test runners: run programs that print result lines, pass the
# lines on, and count them.
#
#	count_run NAME COMMAND...	a failure that no line tells, or no
#					line at all, counts as a failure
#	count_end			prints the sum, unless a runner runs this
#					runner; its status is the runner's

count_passed=0 count_failed=0 count_skipped=0
count_log=$(mktemp "${TMPDIR:-/tmp}/wirewall-count.XXXXXX") || exit 1
trap 'rm -f "$count_log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

count_run() {
	local name=$1 status passed failed skipped
	shift
	COUNT_NESTED=yes "$@" </dev/null 2>&1 | tee "$count_log"
	status=${PIPESTATUS[0]}
	passed=$(grep -c '^ok - ' "$count_log")
	failed=$(grep -c '^not ok - ' "$count_log")
	skipped=$(grep -c '^SKIP - ' "$count_log")
	if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
		echo "not ok - $name ends with status 0 (it was $status)"
		failed=1
	elif [ $((passed + failed + skipped)) -eq 0 ]; then
		echo "not ok - $name tests something"
		failed=1
	fi
	count_passed=$((count_passed + passed))
	count_failed=$((count_failed + failed))
	count_skipped=$((count_skipped + skipped))
	[ "$failed" -eq 0 ]
}

count_end() {
	local sum="$count_passed passed, $count_failed failed"
	[ "$count_skipped" -eq 0 ] || sum="$sum, $count_skipped skipped"
	[ -n "${COUNT_NESTED:-}" ] || echo "$sum"
	[ "$count_failed" -eq 0 ]
}

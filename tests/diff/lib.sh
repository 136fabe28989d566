# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced by what runs the differential tests: programs side by side, one for
# each processor, their output one after the other.
#
#	diff_run NAME ARGUMENT...	begin tests/diff/NAME, when one ended
#	diff_end			wait for all; its status: none failed
#
# What they say is also added to the file $diff_kept, if that is set.

diff_bin=${BUILD:-build}/tests/diff
# In CI the same ones each time: what lands must not depend on luck. Elsewhere, and
# in `make soak`, others each time.
diff_seed=${SEED:-${CI:+20261122}}
diff_seed=${diff_seed:-$(date +%s)}
diff_logs=$(mktemp -d "${TMPDIR:-/tmp}/wirewall-diff.XXXXXX") || exit 1
diff_pids=() diff_status=0 diff_next=0

diff_forget() {
	local pid
	for pid in "${diff_pids[@]}"; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$diff_logs"
}

diff_run() {
	while [ "${#diff_pids[@]}" -ge "$(nproc)" ]; do
		diff_wait
	done
	local program=$1
	shift
	"$diff_bin/$program" --seed "$diff_seed" "$@" \
		>"$diff_logs/$diff_next" 2>&1 &
	diff_pids+=($!)
	diff_next=$((diff_next + 1))
}

# The oldest one ends, and says what it has to say.
diff_wait() {
	local pid=${diff_pids[0]} log
	log=$diff_logs/$((diff_next - ${#diff_pids[@]}))
	wait "$pid" || diff_status=1
	diff_pids=("${diff_pids[@]:1}")
	cat "$log"
	[ -z "${diff_kept:-}" ] || cat "$log" >>"$diff_kept"
	grep -Eq '^(not )?ok - |^SKIP - ' "$log" ||
		echo "not ok - a differential test ran to its end"
	rm -f "$log"
}

diff_end() {
	while [ "${#diff_pids[@]}" -gt 0 ]; do
		diff_wait
	done
	return "$diff_status"
}

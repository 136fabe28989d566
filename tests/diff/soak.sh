#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# soak.sh SECONDS: everything that is random again and again with new seeds:
# the meaning of rules, connection states, flattening and programs against the
# kernel and against brute force, and traffic with and without a program. Ends
# at the first difference, with the command that repeats it. The last line sums
# up, also after Ctrl-C.
#
#	CORPUS=	files of rulesets beside tests/corpus/*.save

cd "$(dirname "$0")/../.." || exit 1
. tests/diff/lib.sh
export WIREWALL=${WIREWALL:-${BUILD:-build}/wirewall}
diff_kept=$diff_logs/kept
first_seed=$diff_seed
started=$SECONDS # make's SECONDS= is where bash begins to count
mapfile -t scenes < <("$diff_bin/state_diff" --list)
# shellcheck disable=SC2206
files=(tests/corpus/*.save ${CORPUS:-})

# The numbers before "rulesets" and "packets" of what the programs say.
sum_up() {
	awk -v seconds=$((SECONDS - started)) -v seeds="$first_seed to $diff_seed" '
	/^# difference/ || /^not ok/ { differences++ }
	/^# [0-9]+ (rulesets|packets)/ {
		for (i = 2; i <= NF; i++) {
			if ($i ~ /^rulesets/)
				rulesets += $(i - 1)
			if ($i ~ /^packets/)
				packets += $(i - 1)
		}
	}
	END {
		printf "soak: %d s, %d packets, %d rulesets, seeds %s, " \
			"%d differences\n", seconds, packets, rulesets,
			seeds, differences
	}' "$diff_kept" 2>/dev/null
}

leave() {
	local status=$?
	[ ! -e "$diff_kept" ] || sum_up
	diff_forget
	exit "$status"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Every table of four rules, one part of them in each round.
exhaust() {
	WIREWALL_EXHAUSTIVE_AT=$((diff_seed % 61)) \
		"${BUILD:-build}/tests/unit/rules_flatten_exhaustive_test" \
		>"$diff_logs/exhaustive" 2>&1 && return
	cat "$diff_logs/exhaustive"
	return 1
}

traffic() {
	local backend=$1 family=$2
	diff_run traffic_diff --family "$family" --backend "$backend" \
		--seconds 10
	diff_run traffic_diff --family "$family" --backend "$backend" \
		--seconds 5 --nat
}

# Rulesets of real machines as tests/kernel/traffic.sh has them.
corpus() {
	local file=${files[$1 % ${#files[@]}]}
	tests/corpus/adapt "$file" >"$diff_logs/corpus.save"
	diff_run traffic_diff --count 10 --rules "$diff_logs/corpus.save"
}

rounds=0
end=$((SECONDS + ${1:-600}))
while [ "$SECONDS" -lt "$end" ]; do
	for family in 4 6; do
		for backend in legacy nft; do
			diff_run kernel_diff --family $family \
				--backend $backend --seconds 10
			diff_run kernel_diff --family $family \
				--backend $backend --seconds 5 --fragments
			traffic $backend $family
		done
		diff_run flat_diff --family $family --seconds 10 \
			--packets 1000
		diff_run program_diff --family $family --seconds 20 \
			--packets 1000
		diff_run state_diff --family $family \
			--scene "${scenes[rounds % ${#scenes[@]}]}"
	done
	corpus $rounds
	exhaust || exit 1
	diff_end || exit 1
	diff_seed=$((diff_seed + 1))
	rounds=$((rounds + 1))
done

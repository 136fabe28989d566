#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs and their regions against rules/eval. COUNT= rulesets for each
# family, PACKETS= for each ruleset, SEED=.

cd "$(dirname "$0")/../.." || exit 1
. tests/diff/lib.sh
trap diff_forget EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

count=${COUNT:-600} packets=${PACKETS:-1000}
for family in 4 6; do
	diff_run flat_diff --family $family --count "$count" \
		--packets "$packets"
done
# In two parts each: the larger numbers take as long as the smaller ones.
for family in 4 6; do
	half=$((count / 2))
	diff_run program_diff --family $family --count $half \
		--packets "$packets"
	diff_run program_diff --family $family --first $half --count $half \
		--packets "$packets"
done
for family in 4 6; do
	diff_run card_diff --family $family --count "$count" --packets 300
done
diff_end

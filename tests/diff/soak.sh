#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# soak.sh SECONDS: the differential tests again and again with new seeds. Ends
# at the first difference, with the seed and the command that repeats it.

cd "$(dirname "$0")/../.." || exit 1
. tests/diff/lib.sh
trap diff_forget EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

end=$((SECONDS + ${1:-600}))
while [ "$SECONDS" -lt "$end" ]; do
	for family in 4 6; do
		for backend in legacy nft; do
			diff_run kernel_diff --family $family \
				--backend $backend --seconds 10
			diff_run kernel_diff --family $family \
				--backend $backend --seconds 5 --fragments
		done
		diff_run flat_diff --family $family --seconds 10 \
			--packets 1000
		diff_run program_diff --family $family --seconds 20 \
			--packets 1000
	done
	diff_end || exit 1
	diff_seed=$((diff_seed + 1))
done

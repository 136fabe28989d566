#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own iptables against rules/eval, both backends and families.
# COUNT= rulesets for each, PACKETS= for each ruleset, SEED=.

cd "$(dirname "$0")/../.." || exit 1
for tool in iptables-legacy-restore iptables-nft-restore nft ipset; do
	if ! PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null; then
		echo "SKIP - eval says what iptables does: needs $tool"
		exit 0
	fi
done
. tests/diff/lib.sh
trap diff_forget EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

count=${COUNT:-150} packets=${PACKETS:-300}
for family in 4 6; do
	for backend in legacy nft; do
		diff_run kernel_diff --family $family --backend $backend \
			--count "$count" --packets "$packets"
		diff_run kernel_diff --family $family --backend $backend \
			--count $((count / 3)) --packets "$packets" --fragments
		diff_run kernel_diff --family $family --backend $backend \
			--count $((count / 3)) --packets "$packets" --sets
	done
done
diff_end

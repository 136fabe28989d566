#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's connection states against those that programs take to be
# possible: every scene of tests/lib/scene.c, both families. SEED=.

cd "$(dirname "$0")/../.." || exit 1
sentence="every state of the kernel is in S"
for tool in iptables-legacy ip6tables-legacy nft; do
	if ! PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null; then
		echo "SKIP - $sentence: needs $tool"
		exit 0
	fi
done
. tests/diff/lib.sh
trap diff_forget EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

for family in 4 6; do
	for scene in $("$diff_bin/state_diff" --list); do
		diff_run state_diff --family $family --scene "$scene"
	done
done
diff_end

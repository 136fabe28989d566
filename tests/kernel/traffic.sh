#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What dies early is missed nowhere: tests/diff/traffic_diff.c over random
# rulesets and over those of real machines.
#
#	COUNT=	random rulesets for each family and backend (16)
#	CORPUS=	files of rulesets beside tests/corpus/*.save
#	SEED=

cd "$(dirname "$0")/../.." || exit 1
sentence="what dies early is missed nowhere"
for tool in iptables-legacy-restore iptables-nft-restore nft ip; do
	if ! PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null; then
		echo "SKIP - $sentence: needs $tool"
		exit 0
	fi
done
if [ "$(id -u)" -ne 0 ]; then
	echo "SKIP - $sentence: needs root"
	exit 0
fi
. tests/diff/lib.sh
trap diff_forget EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
export WIREWALL=${WIREWALL:-${BUILD:-build}/wirewall}

for family in 4 6; do
	for backend in legacy nft; do
		diff_run traffic_diff --family $family --backend $backend \
			--count "${COUNT:-16}"
		diff_run traffic_diff --family $family --backend $backend \
			--count "${COUNT:-16}" --nat
	done
done
# shellcheck disable=SC2086
for file in tests/corpus/*.save ${CORPUS:-}; do
	name=$(basename "$file" .save)
	tests/corpus/adapt "$file" >"$diff_logs/$name.save"
	diff_run traffic_diff --count 2 --rules "$diff_logs/$name.save"
done
diff_end

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every object of tests/hw/objects before Netronome's code and before ours: both
# say what the object's first comment says.
#
# guest-files: build/hw/nfp.ko tests/hw/lib.sh tests/hw/cards.txt
# guest-files: build/tests/hw/trial tests/hw/objects.awk tests/hw/objects/*.bpf.c
# guest-files: build/tests/hw/objects/*.bpf.o

. "$(dirname "$0")/../lib.sh"
sources=$top/tests/hw/objects

# All with the same card: what the driver and our judge say, a line each.
judge_card() {
	local card=$1
	shift
	# shellcheck disable=SC2086 # words are parameters
	card_insert $card &&
		"$top/build/tests/hw/trial" nfp0 \
			"$(tr ' ' , <<<"typical${card:+ $card}")" \
			"${@/#/$objects/}" >>"$scratch/lines"
}

judge_all() {
	local source card
	declare -A groups
	for source in "$sources"/*.bpf.c; do
		card=$(sed -n 's/^ \* card: //p' "$source")
		groups[${card:- }]+=" $(basename "$source" .c).o"
	done
	for card in "${!groups[@]}"; do
		# shellcheck disable=SC2086 # words are files
		check "a card: typical ${card# }" \
			judge_card "${card# }" ${groups[$card]}
	done
}

judge_all
awk -f "$top/tests/hw/objects.awk" "$sources"/*.bpf.c "$scratch/lines"

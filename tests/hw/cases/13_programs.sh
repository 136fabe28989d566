#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs of 500 random rulesets: Netronome's own verifier and JIT take every
# one of them, and it attaches. One that is too long, by the driver's own words, is
# cut as apply would cut it. (What they drop is compared with rules/eval by
# tests/diff/card_diff, on the host.)
#
# guest-files: build/hw/nfp.ko tests/hw/lib.sh tests/hw/cards.txt
# guest-files: build/tests/hw/cardload

. "$(dirname "$0")/../lib.sh"

check "the card is there" card_insert typical
check "every program of 500 random rulesets is taken" \
	"$top/build/tests/hw/cardload" nfp0 "${SEED:-20261122}" 0 500
check_says '# [34][0-9][0-9] programs .*, [0-9] cut ' "hardly any is too long"
note "$output"

// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/code.h"
#include "bpf/target.h"

/*
 * Some of the verifier's 8192 pending branches belong to the frame, and to
 * the tests of the region that is open.
 */
const struct target target_software = {
	.name = "software",
	.max_jumps = 8000,
	.max_insns = CODE_JUMP_MAX - 64,
	.has_direct_values = true,
};

const struct target target_card = {
	.name = "card",
	.max_jumps = 8000,
	.max_insns = 4000,
	.min_stack = 96,
};

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What a place that runs BPF takes, as plain limits. Code generation asks only
 * these, never where a program will run.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target {
	const char *name;
	/*
	 * Conditional jumps on one straight path: the verifier keeps a branch
	 * for each and gives up at 8192 (BPF_COMPLEXITY_LIMIT_JMP_SEQ,
	 * kernel/bpf/verifier.c, 4.14 to 6.18).
	 */
	size_t max_jumps;
	size_t max_insns; /* of one list: a jump must reach its end */
	/*
	 * Tables are read where they lie (BPF_PSEUDO_MAP_VALUE, Linux 5.2); if
	 * not, each is a map of its own that a helper is asked about.
	 */
	bool has_direct_values;
	/*
	 * How deep a stack classify() must have, 0: any. nfp (jit.c of 6.1,
	 * mem_op_stack()) reads the caller's stack by an offset from the bottom
	 * of the callee's: below 0 it computes nonsense, and refuses.
	 */
	int16_t min_stack;
};

/* Native and generic XDP on the host's own processors. */
extern const struct target target_software;

/*
 * A Netronome card with BPF firmware. How much it takes cannot be asked (the
 * driver reads it from the firmware and keeps it), so this is only what fits
 * into none: an instruction becomes two of the card's or more, of which the
 * largest store that is known has 8191. The rest is found out by trying.
 */
extern const struct target target_card;

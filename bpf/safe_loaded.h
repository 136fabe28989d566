/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The judge between loading and attaching: a program that the card's driver has
 * taken, once more by what we read in the driver.
 */
#include "bpf/safe.h"

struct bpf_program;

/* A program as the kernel has it: maps by fd, functions by their calls. */
struct safe_loaded {
	struct bpf_insn *insns;
	struct safe_function *functions;
	struct safe_map *maps;
	int *fds;
	struct safe_program program; /* of all these */
};

/* Of @insns; what the maps are is asked of their fds. 0 or -errno. */
int safe_loaded_make(const struct bpf_insn *insns, size_t count,
		     struct safe_loaded **out, struct err *err);
void safe_loaded_free(struct safe_loaded *loaded);
OWN_DEFINE(safe_loaded)

/*
 * Would every card with such limits take it? Limits are not looked at: the real
 * card has just done so. 0, or -EINVAL with the first rule that it breaks: then
 * the generator is wrong, or the judge.
 */
int safe_loaded_judge(const struct bpf_program *program, struct err *err);

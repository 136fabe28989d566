/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A program's tables in the kernel: made, filled, and closed to any further
 * writing.
 */
#include "bpf/program.h"

struct maps {
	bool is_one; /* all tables lie in the map of fds[0] */
	int *fds;    /* else index: table */
	size_t count;
};

/*
 * @ifindex: the card that they are for; 0 for the host's processors. Returns 0
 * or -errno (what it means: whoever loads the program says).
 */
int maps_make(const struct program *program, uint32_t ifindex,
	      struct maps **out);

/*
 * Write what is still to be written: for a card each element is a message, so
 * it is done when the program is known to fit. 0 or -errno.
 */
int maps_fill(const struct maps *maps, const struct tables *tables);
void maps_free(struct maps *maps); /* closes: loaded programs keep their own */
OWN_DEFINE(maps)

/* Put fds in the place of what code_map() wrote. */
void maps_resolve(const struct maps *maps, const struct tables *tables,
		  struct bpf_insn *insns, size_t count);

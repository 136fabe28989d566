/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * From regions to a program, as a value: instructions and table contents,
 * nothing loaded yet. Same input, same bytes out.
 */
#include <linux/bpf.h>

#include "base/err.h"
#include "bpf/set_parts.h"
#include "bpf/tables.h"
#include "bpf/target.h"
#include "bpf/wire.h"
#include "rules/flatten.h"

/* A program being written. */
struct emitter {
	struct code code;
	struct tables tables;
	struct arena *arena; /* the program's: what tables hold lies here */
	const struct target *target;
};

/* A way to find the first region that has a packet. */
struct classifier {
	const char *name;
	const char *sentence;
	/*
	 * Append code (and tables) to @emitter that leaves the outcome's index
	 * in r0 and exits, reading the struct wire_header at r1. @outcomes[i]
	 * is the outcome of region i, 0 for pass. Stores in *@kept how many
	 * regions, from the first one on, are in the code: the rest passes.
	 * Returns 0 or -ENOMEM.
	 */
	int (*emit)(struct emitter *emitter, const struct flat *flat,
		    const uint32_t *outcomes, size_t *kept);
};
extern const struct classifier classifier_linear; /* straight-line compares */

/* A counter of the program and the rule it belongs to. */
struct program_rule {
	enum wire_class class;
	uint32_t flat_rule; /* index into flats[class]->rules */
};

struct program {
	struct arena *arena;
	const struct classifier *classifier;
	const struct target *target;
	struct bpf_insn *insns; /* the body of classify() */
	size_t insn_count;
	struct tables tables;	       /* index: what code_map() named */
	struct wire_outcome *outcomes; /* [0] is pass */
	size_t outcome_count;
	struct program_rule *rules; /* index: counter */
	size_t rule_count;
	struct wire_settings settings;
	struct set_parts sets; /* what fields FIELD_SET0, ... ask */
	/* Regions of each list that are in the program; the rest passes. */
	size_t kept[WIRE_CLASS_COUNT];
	bool can_drop; /* false: the program would pass everything */
};

/*
 * @flats: one list per class; NULL: packets of that class pass. Counters of
 * WIRE_FRAGMENT are shared with WIRE_IPV4 where they name the same rule.
 * Returns 0 or -ENOMEM. The program does not refer to @flats afterwards.
 */
int program_make(const struct flat *const flats[WIRE_CLASS_COUNT],
		 const struct wire_settings *settings,
		 const struct target *target, struct program **out,
		 struct err *err);
void program_free(struct program *program);
OWN_DEFINE(program)

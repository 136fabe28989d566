/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * From regions to a program, as a value: instructions and table contents,
 * nothing loaded yet. Same input, same bytes out.
 */
#include <linux/bpf.h>

#include "base/err.h"
#include "bpf/classifier.h"
#include "bpf/set_parts.h"
#include "bpf/target.h"
#include "bpf/wire.h"
#include "rules/flatten.h"

/* A counter of the program and the rule it belongs to. */
struct program_rule {
	enum wire_class class;
	uint32_t flat_rule; /* index into flats[class]->rules */
};

struct program {
	struct arena *arena;
	const struct target *target;
	struct bpf_insn *insns; /* the body of classify() */
	size_t insn_count;
	struct tables tables;	       /* index: what code_map() named */
	struct wire_outcome *outcomes; /* [0] is pass */
	size_t outcome_count;
	struct program_rule *rules; /* index: counter */
	size_t rule_count;
	const struct program *numbering; /* only while it is being made */
	struct wire_settings settings;
	struct set_parts sets; /* what fields FIELD_SET0, ... ask */
	/* Regions of each list that are in the program; the rest passes. */
	size_t kept[WIRE_CLASS_COUNT];
	struct classified lists[WIRE_CLASS_COUNT];
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

/* The same with a classifier of the caller's choice; NULL: the cheapest. */
int program_make_by(const struct flat *const flats[WIRE_CLASS_COUNT],
		    const struct wire_settings *settings,
		    const struct target *target,
		    const struct classifier *classifier, struct program **out,
		    struct err *err);

/* A program of which not everything is wanted, or that stands beside another. */
struct program_part {
	size_t limits[WIRE_CLASS_COUNT]; /* regions of each list, from its
					    start on; the rest passes */
	/* A rule has the number of its counter there, if it has one there. */
	const struct program *numbering; /* NULL: numbers are free */
};
int program_make_part(const struct flat *const flats[WIRE_CLASS_COUNT],
		      const struct wire_settings *settings,
		      const struct target *target,
		      const struct program_part *part, struct program **out,
		      struct err *err);

void program_free(struct program *program);
OWN_DEFINE(program)

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The parts of caps_make(), which calls them in this order. */
#include "offload/caps.h"
#include "offload/caps_values.h"

#define CAPS_ALL_TIERS (1u << TIER_HW | 1u << TIER_NATIVE | 1u << TIER_GENERIC)

/* offload/caps.c: NULL when there is no room, which no interface needs. */
struct caps_blocker *caps_add_blocker(struct caps *caps, enum reason reason,
				      enum caps_part part, unsigned int tiers);
void caps_warn(struct caps *caps, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* offload/caps_needs.c */
void caps_find_driver(struct caps *caps, const struct nicdb *db);

/* What became of the needs of a driver for one kind of program. */
struct caps_needs {
	const struct nicdb_need *unmet[NICDB_NEEDS_MAX];
	size_t unmet_count;
	const struct nicdb_need *unknown; /* the first one, or NULL */
	const struct nicdb_need *hidden;  /* of these that flags would show */
};
enum caps_program {
	CAPS_PROGRAM_SINGLE,
	CAPS_PROGRAM_FRAGS,
	CAPS_PROGRAM_HW,
};
/* @is_flagged: the kernel's flags say that the needs they show are met. */
void caps_ask_needs(const struct caps *caps, struct caps_values *values,
		    enum caps_program program, uint32_t version,
		    bool is_flagged, struct caps_needs *out);
/* A blocker for each that is not met. */
void caps_block(struct caps *caps, struct caps_values *values,
		const struct caps_needs *needs, enum tier tier);
/* Fix and undo of a blocker from templates; NULL is none. */
void caps_fill(const struct caps *caps, struct caps_blocker *blocker,
	       const struct need_test *test, const char *fix, const char *undo);

/* offload/caps_tiers.c */
void caps_judge_hw(struct caps *caps, const struct kernel_features *kernel);
void caps_judge_native(struct caps *caps, const struct nicdb *db,
		       const struct kernel_features *kernel);
void caps_judge_generic(struct caps *caps);

/* offload/caps_lists.c */
void caps_list_bits(struct caps *caps, const struct kernel_features *kernel);
void caps_list_filters(struct caps *caps, const struct kernel_features *kernel);
void caps_list_warnings(struct caps *caps,
			const struct kernel_features *kernel);

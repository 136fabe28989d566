/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The line while it is written: steps are added at its end, and those that
 * skip forward are linked through their .to until the place that they go to is
 * reached.
 */
#include "rules/line.h"
#include "rules/see.h"

#define NO_STEP UINT32_MAX

/* One call of a chain, or a table at a hook. */
struct frame {
	struct box box;
	worlds_t worlds;
	/* Steps that go to the frame's end, linked through their .to. */
	uint32_t *ends;
	unsigned int depth;
	enum translation translation;
};

struct writer {
	struct arena *arena;
	const struct ruleset *ruleset;
	const struct flatten_options *options;
	struct line *line;
	size_t step_room, visits;
	const struct table *table;
	enum stage stage;
	bool is_last_table;  /* of its stage: ACCEPT there is final */
	uint32_t table_ends; /* steps that go to the end of the table */
	struct viewpoint view;
	bool has_templates;   /* raw gives connections more than NOTRACK does */
	size_t **first_rules; /* [table][chain] -> index of its first rule */
};

/* The worlds of this frame in which the connection is in one of @states. */
worlds_t writer_worlds(const struct writer *w, const struct frame *frame,
		       unsigned int states);

/* Each of these returns 0 or -ENOMEM. */
int writer_add_step(struct writer *w, const struct step *step);
/* A step for one box of a frame; boxes without packets need none. */
int writer_add(struct writer *w, const struct frame *frame,
	       const struct box *box, enum action action, enum why why,
	       uint32_t rule);
/* A step that goes to an end which is not written yet. */
int writer_add_jump(struct writer *w, const struct frame *frame,
		    const struct box *box, enum action action, uint32_t *ends,
		    uint32_t rule);

/* Let the steps linked from @ends go to where the next step will be. */
void writer_land(struct writer *w, uint32_t ends);

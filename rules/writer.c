// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "rules/line_rules.h"
#include "rules/writer.h"

/* Bounds: what lies beyond passes, with a reason (WHY_BOUND). */
#define STEPS_MAX  ((size_t)1 << 19)
#define VISITS_MAX ((size_t)4 * 1000 * 1000)

worlds_t writer_worlds(const struct writer *w, const struct frame *frame,
		       unsigned int states)
{
	worlds_t worlds = WORLDS(w->stage, states);

	/* What PREROUTING does is done wherever the packet goes then. */
	if (w->stage == STAGE_PREROUTING)
		worlds |= WORLDS(STAGE_INPUT, states) |
			  WORLDS(STAGE_FORWARD, states);
	return worlds & frame->worlds;
}

int writer_add_step(struct writer *w, const struct step *step)
{
	struct line *line = w->line;

	if (line->is_cut)
		return 0;
	if (line->step_count + 1 >= w->step_room) {
		size_t room = w->step_room ? w->step_room * 2 : 1024;
		struct step *steps =
			realloc(line->steps, room * sizeof(*steps));

		if (!steps)
			return -ENOMEM;
		line->steps = steps;
		w->step_room = room;
	}
	line->steps[line->step_count] = *step;
	if (line->step_count >= STEPS_MAX || w->visits > VISITS_MAX) {
		/* The rest of the line is unknown: leave it to the host. */
		line->steps[line->step_count] =
			(struct step){ .worlds = WORLDS_ALL,
				       .action = ACTION_PASS,
				       .why = WHY_BOUND,
				       .rule = step->rule };
		line->is_cut = true;
	}
	line->step_count++;
	return 0;
}

int writer_add(struct writer *w, const struct frame *frame,
	       const struct box *box, enum action action, enum why why,
	       uint32_t rule)
{
	worlds_t worlds = writer_worlds(w, frame, box->states);

	if (box->is_empty || !worlds)
		return 0;
	return writer_add_step(w, &(struct step){ .cond = box->cond,
						  .worlds = worlds,
						  .translation =
							  frame->translation,
						  .action = action,
						  .why = why,
						  .to = NO_STEP,
						  .rule = rule });
}

int writer_add_jump(struct writer *w, const struct frame *frame,
		    const struct box *box, enum action action, uint32_t *ends,
		    uint32_t rule)
{
	size_t before = w->line->step_count;
	int error = writer_add(w, frame, box, action, WHY_NONE, rule);

	if (!error && w->line->step_count > before && !w->line->is_cut) {
		w->line->steps[before].to = *ends;
		*ends = before;
	}
	return error;
}

void writer_land(struct writer *w, uint32_t ends)
{
	while (ends != NO_STEP) {
		struct step *step = &w->line->steps[ends];

		ends = step->to;
		step->to = w->line->step_count;
	}
}

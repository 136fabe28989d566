// SPDX-License-Identifier: GPL-2.0-only
#include "rules/line_way.h"

int line_way_leave(struct writer *w, const struct frame *frame,
		   const struct sight *sight, bool is_exact, uint32_t *ends,
		   uint32_t rule)
{
	int error = writer_add_jump(w, frame, &sight->must, ACTION_SKIP, ends,
				    rule);

	if (error || is_exact)
		return error;
	return writer_add_jump(w, frame, &sight->may, ACTION_FORK, ends, rule);
}

int line_way_accept(struct writer *w, const struct frame *frame,
		    const struct sight *sight, bool is_exact, uint32_t rule)
{
	int error;

	if (!w->is_last_table)
		return line_way_leave(w, frame, sight, is_exact, &w->table_ends,
				      rule);
	error = writer_add(w, frame, &sight->must, ACTION_PASS, WHY_ACCEPTED,
			   rule);
	if (error || is_exact)
		return error;
	return writer_add(w, frame, &sight->may, ACTION_PASS,
			  WHY_MAYBE_ACCEPTED, rule);
}

/*
 * NOTRACK, where nothing may have stood before it in the packet's way. What it
 * only may match is covered: every packet may be untracked.
 */
static int write_notrack(struct writer *w, const struct frame *frame,
			 const struct sight *sight, uint32_t rule)
{
	struct box must = sight->must;

	if (!w->view.is_raw || w->has_templates)
		return 0;
	must.states &= ~CT_UNTRACKED;
	return writer_add(w, frame, &must, ACTION_UNTRACK, WHY_NONE, rule);
}

/* What a target rewrites: from here on for all, in nat for its packets. */
static int write_changes(struct writer *w, const struct frame *frame,
			 const struct sight *sight,
			 const struct rule_target *target, uint32_t rule)
{
	unsigned int changes = extension_info(target->extension)->changes;

	if (w->table->id != TABLE_NAT)
		w->view.changes |= changes;
	else if (changes & CHANGE_ADDRESS)
		return writer_add(w, frame, &sight->may, ACTION_TRANSLATE,
				  WHY_NONE, rule);
	return target_is_notrack(target) ? write_notrack(w, frame, sight, rule)
					 : 0;
}

int line_way_extension(struct writer *w, const struct frame *frame,
		       const struct sight *sight, bool is_exact,
		       const struct rule_target *target, uint32_t rule)
{
	const struct extension_info *info = extension_info(target->extension);
	int error = write_changes(w, frame, sight, target, rule);

	if (error)
		return error;
	switch (info->class) {
	case EXTENSION_CLASS_CONTINUES:
		return 0;
	case EXTENSION_CLASS_LOGS:
	case EXTENSION_CLASS_TRACES:
		return writer_add(w, frame, &sight->may, ACTION_PASS,
				  WHY_EFFECT, rule);
	case EXTENSION_CLASS_ACCEPTS:
		return line_way_accept(w, frame, sight, is_exact, rule);
	case EXTENSION_CLASS_ANSWERS:
		return writer_add(w, frame, &sight->may, ACTION_PASS,
				  WHY_ANSWERS, rule);
	}
	return 0;
}

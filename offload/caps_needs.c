// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "offload/caps_parts.h"

/*
 * Drivers that do not name themselves (no get_drvinfo before 6.x, lo) are
 * known by their kind, of which the kernel makes their driver's name.
 */
void caps_find_driver(struct caps *caps, const struct nicdb *db)
{
	const struct nic *nic = &caps->nic;
	const char *name = nic->driver;

	if (nic->link.is_loopback)
		name = "lo";
	else if (!*name)
		name = nic->link.kind;
	if (*name)
		caps->driver = nicdb_find(db, name, nic->bus);
}

static bool is_asked(const struct nicdb_need *need, enum caps_program program,
		     uint32_t version)
{
	if (!nicdb_applies(&need->kernels, version))
		return false;
	switch (program) {
	case CAPS_PROGRAM_HW:
		return need->is_for_hw;
	case CAPS_PROGRAM_SINGLE:
		return !need->is_for_hw && !need->only_frags;
	case CAPS_PROGRAM_FRAGS:
		return !need->is_for_hw && !need->only_single;
	}
	return false;
}

void caps_ask_needs(const struct caps *caps, struct caps_values *values,
		    enum caps_program program, uint32_t version,
		    bool is_flagged, struct caps_needs *out)
{
	const struct nicdb_driver *driver = caps->driver;

	*out = (struct caps_needs){ 0 };
	for (size_t i = 0; driver && i < driver->need_count; i++) {
		const struct nicdb_need *need = &driver->needs[i];

		if (!is_asked(need, program, version) ||
		    (need->is_in_flags && is_flagged))
			continue;
		switch (need_ask(&need->test, caps_values_look_up, values)) {
		case NEED_MET:
			break;
		case NEED_NOT_MET:
			out->unmet[out->unmet_count++] = need;
			break;
		case NEED_UNKNOWN:
			if (!out->unknown)
				out->unknown = need;
			if (!out->hidden && need->is_in_flags)
				out->hidden = need;
			break;
		}
	}
}

void caps_fill(const struct caps *caps, struct caps_blocker *blocker,
	       const struct need_test *test, const char *fix, const char *undo)
{
	struct caps_values values = { .nic = &caps->nic };
	OWN_BUF struct buf buf = BUF_INIT;

	if (!fix)
		return;
	blocker->is_complete =
		need_fill(&buf, fix, test, caps_values_look_up, &values);
	snprintf(blocker->fix, sizeof(blocker->fix), "%s", buf_text(&buf));
	buf_free(&buf);
	buf = BUF_INIT;
	if (undo && need_fill(&buf, undo, test, caps_values_look_up, &values))
		snprintf(blocker->undo, sizeof(blocker->undo), "%s",
			 buf_text(&buf));
}

static void add_values(struct buf *buf, const struct need_sum *sum,
		       struct caps_values *values)
{
	for (size_t i = 0; i < sum->count; i++) {
		const char *name = sum->terms[i].name;
		struct need_value value;

		if (!name || !caps_values_look_up(values, name, &value))
			continue;
		buf_add(buf, buf->length ? ", " : "");
		if (value.text[0])
			buf_addf(buf, "%s is %s", name, value.text);
		else
			buf_addf(buf, "%s is %" PRId64, name, value.number);
	}
}

/* "mtu is 9000, needed: mtu <= 3498" */
static void say_values(struct caps_blocker *blocker,
		       const struct need_test *test, struct caps_values *values)
{
	OWN_BUF struct buf buf = BUF_INIT;

	add_values(&buf, &test->left, values);
	add_values(&buf, &test->right, values);
	snprintf(blocker->text, sizeof(blocker->text), "%s, needed: %s",
		 buf_text(&buf), test->text);
}

void caps_block(struct caps *caps, struct caps_values *values,
		const struct caps_needs *needs, enum tier tier)
{
	for (size_t i = 0; i < needs->unmet_count; i++) {
		const struct nicdb_need *need = needs->unmet[i];
		int reason = reason_find(need->reason);
		struct caps_blocker *blocker =
			caps_add_blocker(caps,
					 reason < 0 ? REASON_REFUSED : reason,
					 CAPS_OF_DEVICE, 1u << tier);
		OWN_BUF struct buf remedy = BUF_INIT;

		if (!blocker)
			return;
		say_values(blocker, &need->test, values);
		blocker->errnos = need->errnos;
		blocker->says = need->says;
		blocker->channel = need->channel;
		blocker->costs = need->costs;
		caps_fill(caps, blocker, &need->test, need->fix, need->undo);
		if (need->remedy) {
			need_fill(&remedy, need->remedy, &need->test,
				  caps_values_look_up, values);
			snprintf(blocker->remedy, sizeof(blocker->remedy), "%s",
				 buf_text(&remedy));
		}
	}
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "base/clock.h"
#include "cli/event.h"
#include "cli/unstopped.h"
#include "fallback/stop.h"

/* Between two attempts, and as long again as the last one took, twice: a card
 * that does not answer must not keep the watcher from looking. */
#define AGAIN_MS 1000

void unstopped_add(struct unstopped *unstopped, uint32_t prog_id)
{
	size_t place = 0;

	if (!prog_id)
		return;
	for (size_t i = UNSTOPPED_MAX; i-- > 0;) {
		if (unstopped->items[i].prog_id == prog_id)
			return;
		if (!unstopped->items[i].prog_id)
			place = i;
	}
	unstopped->items[place].prog_id = prog_id;
	unstopped->items[place].is_refused = false;
}

void unstopped_forget(struct unstopped *unstopped, uint32_t prog_id)
{
	for (size_t i = 0; i < UNSTOPPED_MAX; i++) {
		if (unstopped->items[i].prog_id == prog_id)
			unstopped->items[i].prog_id = 0;
	}
}

bool unstopped_has_any(const struct unstopped *unstopped)
{
	for (size_t i = 0; i < UNSTOPPED_MAX; i++) {
		if (unstopped->items[i].prog_id)
			return true;
	}
	return false;
}

static void tell(const char *iface, uint32_t prog_id, const struct err *err)
{
	const struct event event = {
		.id = EVENT_NOT_STOPPED,
		.iface = iface,
		.prog_id = prog_id,
	};

	event_say(&event,
		  "its program %u cannot be stopped, which is tried again: "
		  "%s; if it stays so, load the driver of its interface anew",
		  prog_id, err->text);
}

static void try_one(struct unstopped *unstopped, size_t i, const char *iface)
{
	uint32_t prog_id = unstopped->items[i].prog_id;
	struct err err;
	int result =
		stop_program(prog_id, !unstopped->items[i].is_refused, &err);

	if (result == 0)
		unstopped->items[i].prog_id = 0;
	else if (result != -ENOENT)
		unstopped->items[i].is_refused = true;
	if (result < 0 && iface)
		tell(iface, prog_id, &err);
}

void unstopped_try(struct unstopped *unstopped, const char *iface)
{
	long begin = clock_ms();

	for (size_t i = 0; i < UNSTOPPED_MAX; i++) {
		if (unstopped->items[i].prog_id)
			try_one(unstopped, i, iface);
	}
	long end = clock_ms();
	unstopped->due = end + AGAIN_MS + 2 * (end - begin);
}

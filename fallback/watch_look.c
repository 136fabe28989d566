// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "bpf/switch.h"
#include "fallback/watch_look.h"
#include "net/hash.h"
#include "net/locals.h"
#include "net/rules_mark.h"

/* Where they cannot be read there are none, for the planner as well. */
static uint64_t mark_locals(void)
{
	struct locals locals;
	uint64_t mark = HASH_BEGIN;

	locals_read(&locals);
	for (size_t i = 0; i < ARRAY_SIZE(locals.families); i++) {
		const struct locals_family *family = &locals.families[i];

		mark = hash_add(mark, &family->count, sizeof(family->count));
		mark = hash_add(mark, family->ranges,
				family->count * sizeof(*family->ranges));
	}
	return mark;
}

int watch_look(struct watch_world *out, struct err *err)
{
	out->locals = mark_locals();
	return link_list(&out->links, &out->count, err);
}

uint64_t watch_look_rules(void)
{
	struct rules_mark mark;

	rules_mark_read(&mark);
	uint64_t sum =
		hash_add(HASH_BEGIN, &mark.generation, sizeof(mark.generation));
	sum = hash_add(sum, &mark.legacy, sizeof(mark.legacy));
	sum = hash_add(sum, &mark.sets, sizeof(mark.sets));
	return sum ? sum : 1;
}

void watch_recall(struct watch_view *view)
{
	struct wire_switch found;
	struct err unseen;

	if (view->ours && switch_get(view->ours, &found, &unseen) == 0)
		view->planned = found.planned;
}

const struct link *watch_find(const struct watch_world *world, const char *name)
{
	for (size_t i = 0; i < world->count; i++) {
		if (!strcmp(world->links[i].name, name))
			return &world->links[i];
	}
	return NULL;
}

/* The lowest number among those that stand on @link; 0: none. */
static int find_upper(const struct watch_world *world, const struct link *link)
{
	int upper = 0;

	for (size_t i = 0; i < world->count; i++) {
		const struct link *other = &world->links[i];

		if (other->lower == link->ifindex && link_is_receiver(other) &&
		    (!upper || other->ifindex < upper))
			upper = other->ifindex;
	}
	return upper;
}

static int read_holder(const struct link *link, struct watch_view *view,
		       struct err *err)
{
	struct holder holder;
	int result = holder_find_any(link, &holder, err);

	if (result < 0)
		return result;
	if (holder.owner == OWNER_OURS) {
		view->ours = holder.ident.prog_id;
		view->tier = holder.backend->tier;
	} else if (holder.owner == OWNER_FOREIGN) {
		view->foreign = holder.ident.prog_id;
	}
	return 0;
}

int watch_view_make(const struct watch_world *world, const char *name,
		    bool has_watched_rules, struct watch_view *out,
		    struct err *err)
{
	const struct link *link = watch_find(world, name);
	struct host_facts facts;
	struct watch_view view = { 0 };

	if (!link) {
		*out = view;
		return 0;
	}
	view = (struct watch_view){
		.is_there = true,
		.ifindex = link->ifindex,
		.mtu = link->mtu,
		.master = link->master,
		.card = link->hw_id,
		.upper = find_upper(world, link),
		.rules = has_watched_rules ? world->rules : 0,
		.locals = world->locals,
		.device = world->device,
		.is_taken = world->is_taken,
	};
	int result = read_holder(link, &view, err);
	if (result < 0)
		return result;
	facts_read_again(name, world->memory, &facts);
	view.facts = watch_facts(&facts);
	*out = view;
	return 0;
}

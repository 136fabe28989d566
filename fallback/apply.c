// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "bpf/load.h"
#include "fallback/claim.h"
#include "fallback/climb.h"
#include "fallback/state.h"
#include "fallback/swap.h"

#include "fallback/apply.h"

/* What may take that long: a card that builds its rings anew, many times. */
#define PATIENCE_MS 120000
/* off and remove do not wait for anybody in earnest. */
#define IMPATIENCE_MS 300

struct applied {
	struct swap *items;
	size_t count;
};

void applied_free(struct applied *applied)
{
	if (!applied)
		return;
	for (size_t i = 0; i < applied->count; i++)
		swap_release(&applied->items[i]);
	free(applied->items);
	free(applied);
}

/*
 * One at a time: an fd, -1 where nobody needs to be waited for, or -ETIMEDOUT.
 * Where even this cannot be had, the kernel still refuses to replace what has
 * been replaced.
 */
static int begin(int milliseconds, struct err *err)
{
	int fd = claim_wait(CLAIM_APPLY, milliseconds, err);

	return fd >= 0 || fd == -ETIMEDOUT ? fd : -1;
}

static int applied_make(const struct apply_request *requests, size_t count,
			struct apply_result *results, struct applied **out,
			struct err *err)
{
	struct kernel_features kernel;
	OWN(applied) struct applied *applied = calloc(1, sizeof(*applied));
	struct swap *items = calloc(count ? count : 1, sizeof(*items));

	if (!applied || !items) {
		free(items);
		return err_no_memory(err);
	}
	kernel_features_probe(&kernel);
	for (size_t i = 0; i < count; i++) {
		results[i] = (struct apply_result){ .tier = TIER_NONE };
		items[i] = (struct swap){
			.request = &requests[i],
			.result = &results[i],
			.can_take_frags = kernel.has_frags,
			.former_fd = -1,
		};
	}
	*applied = (struct applied){ items, count };
	*out = take(applied);
	return 0;
}

/* Two programs for one interface: whose request would count? */
static int refuse_twice(const struct applied *applied, struct err *err)
{
	for (size_t i = 0; i < applied->count; i++) {
		const char *iface = swap_plan(&applied->items[i])->iface;

		for (size_t j = 0; j < i; j++) {
			if (!strcmp(iface,
				    swap_plan(&applied->items[j])->iface))
				return err_set(err, ERR_USAGE, EINVAL,
					       "the interface %s is named "
					       "twice; name it once",
					       iface);
		}
	}
	return 0;
}

/* Do one step for every interface, up to the first failure. */
static int for_each(const struct applied *applied,
		    int (*step)(struct swap *swap, struct err *err),
		    struct err *err)
{
	for (size_t i = 0; i < applied->count; i++) {
		struct swap *swap = &applied->items[i];
		int result = step(swap, err);

		if (result < 0) {
			err_where(err, "%s", swap_plan(swap)->iface);
			return result;
		}
	}
	return 0;
}

/* What cannot be put back is added to the sentence of the first failure. */
static void roll_back(const struct applied *applied, struct err *err)
{
	for (size_t i = applied->count; i-- > 0;) {
		struct swap *swap = &applied->items[i];
		size_t length = strlen(err->text);
		struct err why;

		if (swap_undo(swap, &why) < 0)
			snprintf(err->text + length, sizeof(err->text) - length,
				 "; %s did not get its former state back: %s",
				 swap_plan(swap)->iface, why.text);
	}
}

/*
 * All is looked at before anything is changed, and nothing is detached before
 * all is attached, so that most failures find nothing to roll back, and those
 * that do put a program in the place of another.
 */
static int take_all_steps(const struct applied *applied, struct err *err)
{
	int result = refuse_twice(applied, err);

	if (result == 0)
		result = for_each(applied, swap_survey, err);
	if (result == 0)
		result = for_each(applied, climb_tiers, err);
	if (result == 0)
		result = for_each(applied, swap_detach, err);
	if (result == 0)
		result = for_each(applied, swap_start, err);
	if (result < 0)
		roll_back(applied, err);
	return result;
}

int apply_hold(const struct apply_request *requests, size_t count,
	       struct apply_result *results, struct applied **out,
	       struct err *err)
{
	OWN(applied) struct applied *applied = NULL;
	OWN_FD int turn = begin(PATIENCE_MS, err);
	int result = turn == -ETIMEDOUT ? turn : 0;

	if (result == 0)
		result = applied_make(requests, count, results, &applied, err);
	if (result < 0)
		return result;
	result = take_all_steps(applied, err);
	if (result == 0)
		*out = take(applied);
	return result;
}

int apply_plans(const struct apply_request *requests, size_t count,
		struct apply_result *results, struct err *err)
{
	OWN(applied) struct applied *applied = NULL;
	int result = apply_hold(requests, count, results, &applied, err);

	applied_free(take(applied));
	state_prune();
	return result;
}

int applied_undo(struct applied *applied, struct err *err)
{
	OWN_FD int turn = begin(PATIENCE_MS, err);

	/* Too long is no reason to keep what nobody has confirmed. */
	err_set(err, ERR_SYSTEM, 0, "rolled back");
	size_t length = strlen(err->text);
	roll_back(applied, err);
	return err->text[length] ? -EIO : 0;
}

/* Add @link to the list if a program of ours is there. */
static int list_link(struct attachments *list, const struct link *link,
		     struct err *err)
{
	struct attachment *item = &list->items[list->count];
	struct holder holder;
	struct err lost;
	int result = holder_find(link, &holder, err);

	if (result < 0) {
		err_where(err, "%s", link->name);
		return result;
	}
	if (holder.owner != OWNER_OURS)
		return 0;
	*item = (struct attachment){
		.link = *link,
		.tier = holder.backend->tier,
		.prog_id = holder.ident.prog_id,
		.meta = holder.meta,
	};
	state_read(&holder.ident, &item->record, &lost);
	list->count++;
	return 0;
}

/* The one interface of that name, or (@iface NULL) all. */
static int find_links(const char *iface, struct link **out, size_t *count,
		      struct err *err)
{
	if (!iface)
		return link_list(out, count, err);

	OWN_MEM struct link *link = calloc(1, sizeof(*link));
	if (!link)
		return err_no_memory(err);
	int result = link_get(iface, link, err);
	if (result < 0)
		return result;
	*out = take(link);
	*count = 1;
	return 0;
}

int apply_list(const char *iface, struct attachments **out, struct err *err)
{
	OWN_MEM struct link *links = NULL;
	size_t count = 0;
	int result = find_links(iface, &links, &count, err);

	if (result < 0)
		return result;
	OWN(attachments) struct attachments *list = calloc(1, sizeof(*list));
	if (!list)
		return err_no_memory(err);
	list->items = calloc(count ? count : 1, sizeof(*list->items));
	if (!list->items)
		return err_no_memory(err);
	for (size_t i = 0; i < count; i++) {
		result = list_link(list, &links[i], err);
		if (result < 0)
			return result;
	}
	*out = take(list);
	return 0;
}

void attachments_free(struct attachments *attachments)
{
	if (!attachments)
		return;
	for (size_t i = 0; i < attachments->count; i++)
		free(attachments->items[i].record);
	free(attachments->items);
	free(attachments);
}

static int refuse_remove(const char *iface, const struct holder *holder,
			 struct err *err)
{
	if (holder->owner == OWNER_NOBODY)
		err_set(err, ERR_SYSTEM, 0,
			"no program of wirewall is attached to %s", iface);
	else
		err_set(err, ERR_SYSTEM, 0,
			"the program attached to %s, \"%.*s\" with the id "
			"%u, is not one of wirewall, and is left alone",
			iface, BPF_OBJ_NAME_LEN, holder->ident.name,
			holder->ident.prog_id);
	return -ENOENT;
}

int apply_remove(const char *iface, struct err *err)
{
	struct holder holder;
	struct link link;
	OWN_FD int turn = begin(IMPATIENCE_MS, err);
	int result = link_get(iface, &link, err);

	if (result < 0)
		return result;
	result = holder_find(&link, &holder, err);
	if (result == 0 && holder.owner != OWNER_OURS)
		return refuse_remove(iface, &holder, err);
	if (result == 0)
		result = holder_detach(&holder, &link, err);
	if (result < 0)
		err_where(err, "%s", iface);
	state_prune();
	return result;
}

/* Returns 1 when a program of ours was detached from @link. */
static int switch_off(const struct link *link, struct err *err)
{
	struct holder holder;
	int result = holder_find(link, &holder, err);

	if (result < 0 || holder.owner != OWNER_OURS)
		return result;
	result = holder_detach(&holder, link, err);
	if (result == -ENODEV)
		return 0;
	return result < 0 ? result : 1;
}

/* One interface that resists does not keep the others on. */
int apply_off(size_t *removed, struct err *err)
{
	OWN_MEM struct link *links = NULL;
	size_t count = 0;
	OWN_FD int turn = begin(IMPATIENCE_MS, err);
	int failure = link_list(&links, &count, err);

	*removed = 0;
	for (size_t i = 0; i < count; i++) {
		struct err why;
		int result = switch_off(&links[i], &why);

		if (result > 0)
			++*removed;
		if (result < 0 && !failure) {
			failure = result;
			*err = why;
			err_where(err, "%s", links[i].name);
		}
	}
	state_prune();
	return failure;
}

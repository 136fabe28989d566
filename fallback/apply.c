// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "bpf/load.h"
#include "bpf/switch.h"
#include "fallback/claim.h"
#include "fallback/climb.h"
#include "fallback/fit.h"
#include "fallback/state.h"
#include "fallback/swap.h"

#include "fallback/apply.h"

/* What may take that long: a card that builds its rings anew, many times. */
#define PATIENCE_MS 120000
/* off and remove do not wait for anybody in earnest. */
#define IMPATIENCE_MS 300

/* An interface has a swap at each place. */
struct pair {
	struct swap host, card;
};

struct applied {
	struct pair *items;
	size_t count;
};

void applied_free(struct applied *applied)
{
	if (!applied)
		return;
	for (size_t i = 0; i < applied->count; i++) {
		swap_release(&applied->items[i].host);
		swap_release(&applied->items[i].card);
	}
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
			unsigned int seconds, struct apply_result *results,
			struct applied **out, struct err *err)
{
	struct kernel_features kernel;
	OWN(applied) struct applied *applied = calloc(1, sizeof(*applied));
	struct pair *items = calloc(count ? count : 1, sizeof(*items));

	if (!applied || !items) {
		free(items);
		return err_no_memory(err);
	}
	kernel_features_probe(&kernel);
	for (size_t i = 0; i < count; i++) {
		results[i] = (struct apply_result){ .tier = TIER_NONE };
		items[i].host = (struct swap){
			.slot = SLOT_HOST,
			.request = &requests[i],
			.result = &results[i],
			.can_take_frags = kernel.has_frags,
			.expires = seconds,
			.former_fd = -1,
		};
		items[i].card = items[i].host;
		items[i].card.slot = SLOT_CARD;
	}
	*applied = (struct applied){ items, count };
	*out = take(applied);
	return 0;
}

static const char *name_of(const struct pair *pair)
{
	return swap_plan(&pair->host)->iface;
}

/* Two programs for one interface: whose request would count? */
static int refuse_twice(const struct applied *applied, struct err *err)
{
	for (size_t i = 0; i < applied->count; i++) {
		const char *iface = name_of(&applied->items[i]);

		for (size_t j = 0; j < i; j++) {
			if (!strcmp(iface, name_of(&applied->items[j])))
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
		    int (*step)(struct pair *pair, struct err *err),
		    struct err *err)
{
	for (size_t i = 0; i < applied->count; i++) {
		int result = step(&applied->items[i], err);

		if (result < 0) {
			err_where(err, "%s", name_of(&applied->items[i]));
			return result;
		}
	}
	return 0;
}

static int survey(struct pair *pair, struct err *err)
{
	int result = swap_survey(&pair->host, err);

	return result < 0 ? result : swap_survey(&pair->card, err);
}

static void sum_up(const struct pair *pair, struct apply_result *out)
{
	const struct swap *host = &pair->host, *card = &pair->card;

	out->prog_id = swap_prog_id(host);
	out->card_id = swap_prog_id(card);
	out->tier = out->card_id ? TIER_HW : out->host_tier;
	out->is_unchanged = out->tier != TIER_NONE &&
			    (!out->prog_id || host->is_unchanged) &&
			    (!out->card_id || card->is_unchanged);
}

/*
 * The host first: its program has the whole policy, and stands behind the card
 * from then on, whatever becomes of that.
 */
static int attach(struct pair *pair, struct err *err)
{
	struct apply_result *out = pair->host.result;
	int result = climb_tiers(&pair->host, err);

	if (result == 0)
		result = fit_card(&pair->card, &pair->host, err);
	if (result == 0)
		sum_up(pair, out);
	return result < 0 ? result : climb_check(&pair->host, out->tier, err);
}

static int detach(struct pair *pair, struct err *err)
{
	int result = swap_detach(&pair->host, err);

	return result < 0 ? result : swap_detach(&pair->card, err);
}

static int start(struct pair *pair, struct err *err)
{
	int result = swap_start(&pair->host, err);

	return result < 0 ? result : swap_start(&pair->card, err);
}

static void undo(struct swap *swap, struct err *err)
{
	size_t length = strlen(err->text);
	struct err why;

	if (swap_undo(swap, &why) < 0)
		snprintf(err->text + length, sizeof(err->text) - length,
			 "; %s did not get its former state back: %s",
			 swap_plan(swap)->iface, why.text);
}

/* What cannot be put back is added to the sentence of the first failure. */
static void roll_back(const struct applied *applied, struct err *err)
{
	for (size_t i = applied->count; i-- > 0;) {
		undo(&applied->items[i].card, err);
		undo(&applied->items[i].host, err);
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
		result = for_each(applied, survey, err);
	if (result == 0)
		result = for_each(applied, attach, err);
	if (result == 0)
		result = for_each(applied, detach, err);
	if (result == 0)
		result = for_each(applied, start, err);
	if (result < 0)
		roll_back(applied, err);
	return result;
}

int apply_hold(const struct apply_request *requests, size_t count,
	       unsigned int seconds, struct apply_result *results,
	       struct applied **out, struct err *err)
{
	OWN(applied) struct applied *applied = NULL;
	OWN_FD int turn = begin(PATIENCE_MS, err);
	int result = turn == -ETIMEDOUT ? turn : 0;

	if (result == 0)
		result = applied_make(requests, count, seconds, results,
				      &applied, err);
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
	int result = apply_hold(requests, count, 0, results, &applied, err);

	applied_free(take(applied));
	state_prune();
	return result;
}

/* All of them: the first failure does not keep the others from it. */
static int expire_all(const struct applied *applied, unsigned int seconds,
		      struct err *err)
{
	int failure = 0;

	for (size_t i = 0; i < applied->count; i++) {
		const struct pair *pair = &applied->items[i];
		struct err why;
		int result = swap_expire(&pair->host, seconds, &why);

		if (result < 0 && !failure) {
			failure = result;
			*err = why;
			err_where(err, "%s", name_of(pair));
		}
	}
	return failure;
}

int applied_confirm(const struct applied *applied, unsigned int left,
		    struct err *err)
{
	int result = expire_all(applied, 0, err);
	struct err unseen;

	if (result < 0)
		expire_all(applied, left, &unseen);
	return result;
}

int applied_undo(struct applied *applied, struct err *err)
{
	OWN_FD int turn __attribute__((unused)) = begin(PATIENCE_MS, err);

	/* Too long is no reason to keep what nobody has confirmed. */
	err_set(err, ERR_SYSTEM, 0, "rolled back");
	size_t length = strlen(err->text);
	roll_back(applied, err);
	return err->text[length] ? -EIO : 0;
}

static void add_holder(struct attachments *list, const struct link *link,
		       const struct holder *holder)
{
	struct attachment *item = &list->items[list->count++];
	struct err lost;

	*item = (struct attachment){
		.link = *link,
		.tier = holder->backend->tier,
		.host_tier = holder->backend->tier,
		.prog_id = holder->ident.prog_id,
		.meta = holder->meta,
	};
	state_read(&holder->ident, &item->record, &lost);
}

/* Do they belong together? */
static bool is_one_plan(const struct holder *a, const struct holder *b)
{
	return a->owner == OWNER_OURS && b->owner == OWNER_OURS &&
	       memcmp(a->meta.digest, b->meta.digest, sizeof(a->meta.digest)) ==
		       0;
}

/* Add @link to the list if programs of ours are there. */
static int list_link(struct attachments *list, const struct link *link,
		     struct err *err)
{
	struct holder holders[SLOT_COUNT];
	const struct holder *host = &holders[SLOT_HOST];
	const struct holder *card = &holders[SLOT_CARD];

	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		int result = holder_find(link, slot, &holders[slot], err);

		if (result < 0) {
			err_where(err, "%s", link->name);
			return result;
		}
	}
	if (host->owner == OWNER_OURS)
		add_holder(list, link, host);
	if (is_one_plan(host, card)) {
		struct attachment *item = &list->items[list->count - 1];

		item->tier = card->backend->tier;
		item->card_id = card->ident.prog_id;
		item->card_count = card->meta.rule_count;
	} else if (card->owner == OWNER_OURS) {
		add_holder(list, link, card);
	}
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
	list->items = calloc(SLOT_COUNT * count + 1, sizeof(*list->items));
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

static int refuse_remove(const struct link *link, struct err *err)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++) {
		struct holder holder;
		int result = holder_find(link, slot, &holder, err);

		if (result < 0)
			return result;
		if (holder.owner == OWNER_NOBODY)
			continue;
		err_set(err, ERR_SYSTEM, 0,
			"the program attached to %s, \"%.*s\" with the id "
			"%u, is not one of wirewall, and is left alone",
			link->name, BPF_OBJ_NAME_LEN, holder.ident.name,
			holder.ident.prog_id);
		return -ENOENT;
	}
	err_set(err, ERR_SYSTEM, 0, "no program of wirewall is attached to %s",
		link->name);
	return -ENOENT;
}

/* What its card does not let go of drops nothing all the same. */
static void silence(const struct holder *holder, struct err *err)
{
	size_t length = strlen(err->text);
	struct err unseen;

	if (switch_set(holder->ident.prog_id, true, &unseen) == 0)
		snprintf(err->text + length, sizeof(err->text) - length,
			 "; it is stopped there, and drops nothing");
}

/* Detach ours from one place: 1, 0 when there is none, -errno. */
static int detach_ours(const struct link *link, enum slot slot, struct err *err)
{
	struct holder holder;
	int result = holder_find(link, slot, &holder, err);

	if (result < 0 || holder.owner != OWNER_OURS)
		return result;
	result = holder_detach(&holder, link, err);
	if (result < 0 && result != -ENODEV && slot == SLOT_CARD)
		silence(&holder, err);
	return result < 0 ? result : 1;
}

/*
 * From every slot, the card's first, so that the host's program is the last
 * to go: 1 when there was one, 0, or -errno of the first that resists, which
 * does not keep the other on.
 */
static int detach_all(const struct link *link, struct err *err)
{
	int removed = 0, failure = 0;

	for (int slot = SLOT_COUNT; slot-- > 0;) {
		struct err why;
		int result = detach_ours(link, slot, &why);

		if (result > 0)
			removed = 1;
		if (result < 0 && !failure) {
			failure = result;
			*err = why;
		}
	}
	return failure ? failure : removed;
}

int apply_remove(const char *iface, struct err *err)
{
	OWN_FD int turn __attribute__((unused)) = begin(IMPATIENCE_MS, err);
	struct link link;
	int result = link_get(iface, &link, err);

	if (result < 0)
		return result;
	result = detach_all(&link, err);
	if (result == 0)
		result = refuse_remove(&link, err);
	else if (result < 0)
		err_where(err, "%s", iface);
	state_prune();
	return result < 0 ? result : 0;
}

/* Returns 1 when programs of ours were detached from @link. */
static int switch_off(const struct link *link, struct err *err)
{
	int result = detach_all(link, err);

	return result == -ENODEV ? 0 : result;
}

/* One interface that resists does not keep the others on. */
int apply_off(size_t *removed, struct err *err)
{
	OWN_MEM struct link *links = NULL;
	size_t count = 0;
	OWN_FD int turn __attribute__((unused)) = begin(IMPATIENCE_MS, err);
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

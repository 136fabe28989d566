// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/own.h"
#include "bpf/switch.h"
#include "fallback/climb.h"
#include "fallback/fit.h"
#include "net/klog.h"
#include "offload/card.h"

/* Shares of the lists are counted in these, without fragments. */
#define PARTS	  1024
#define WHOLE	  (PARTS + 1)
#define LOADS_MAX 10

/* One card being tried. */
struct fit {
	struct swap *swap;
	const struct xdp_backend *backend;
	struct program *program; /* NULL: the plan's whole one */
	bool keeps_logs;	 /* the card cannot draw lots */
	size_t keep;		 /* of PARTS, or WHOLE, in swap->program */
	unsigned int loads;
	struct err refusal; /* of the whole */
};

static void fit_clear(struct fit *fit)
{
	program_free(fit->program);
}
#define OWN_FIT __attribute__((cleanup(fit_clear)))

static void tell(const struct fit *fit, size_t keep)
{
	const struct apply_request *request = fit->swap->request;
	char sentence[128];

	if (!request->progress)
		return;
	snprintf(sentence, sizeof(sentence),
		 "trying %zu %% of the rules on the card; one that does not "
		 "answer is given up after seconds",
		 keep > PARTS ? (size_t)100 : keep * 100 / PARTS);
	request->progress(swap_plan(fit->swap)->iface, sentence);
}

/* What the driver says only in the kernel's log belongs to its refusal. */
static void add_words(const struct swap *swap, int log, struct err *err)
{
	const char *const words[] = { "nfp", "netdevsim", swap->link.name };
	size_t length = strlen(err->text);
	char line[256];

	klog_last(log, words, ARRAY_SIZE(words), line, sizeof(line));
	if (*line && !strstr(err->text, line))
		snprintf(err->text + length, sizeof(err->text) - length,
			 "; the kernel's log says \"%s\"", line);
}

static const struct program *chosen(const struct fit *fit)
{
	return fit->program ? fit->program : swap_plan(fit->swap)->card;
}

/*
 * Load @keep of PARTS, or the WHOLE. Returns 0; 1 when the card does not take it, with
 * *@refused saying why and *@number the errno; -errno.
 */
static int load_part(struct fit *fit, size_t keep, int *number,
		     struct err *refused)
{
	const struct card_share share = { keep, PARTS, fit->keeps_logs };
	struct swap *swap = fit->swap;
	uint32_t there;
	int result = 0;

	program_free(take(fit->program));
	fit->keep = keep;
	if (keep < WHOLE || fit->keeps_logs)
		result = card_shrink(swap_plan(swap), &share, &fit->program,
				     refused);
	if (result < 0)
		return result;
	fit->loads++;
	tell(fit, keep);

	OWN_FD int log = klog_begin();
	*number = -swap_load(swap, fit->backend, chosen(fit), false, refused);
	if (*number == 0)
		return 0;
	add_words(swap, log, refused);

	/* Or has it vanished? */
	struct err why;
	result = holder_prog_id(&swap->link, swap->slot, &there, &why);
	if (result < 0)
		*refused = why;
	return result < 0 ? result : 1;
}

/* Attach what is loaded; returns as load_part(). */
static int put(struct fit *fit, int *number, struct err *refused)
{
	OWN_FD int log = klog_begin();
	int result = swap_put(fit->swap, number, refused);

	if (result)
		add_words(fit->swap, log, refused);
	return result;
}

/*
 * May less of it do? nfp answers so when there are too many instructions (jit.c:
 * ENOSPC, and offload.c: "program too long"), elements or maps, when elements
 * or the stack are too large; the kernel's verifier, when it gives up.
 */
static bool is_size(int number, bool is_loading, const struct err *refused)
{
	switch (number) {
	case E2BIG:
	case ENOSPC:
	case ENOMEM:
		return true;
	case EOPNOTSUPP:
	case EINVAL:
	case EACCES:
		return is_loading || strstr(refused->text, "too long") ||
		       strstr(refused->text, "too large");
	default:
		return false;
	}
}

/* nfp names the helper that its firmware does not have (verifier.c, 6.1). */
static bool is_lots(const struct err *refused)
{
	return strstr(refused->text, "get_prandom_u32");
}

/*
 * All of it; from a card that cannot draw lots (--log-sample) all that the host
 * does not log. Returns as load_part(), and 1 when nothing is left.
 */
static int load_whole(struct fit *fit, int *number)
{
	struct err refused;
	int result = load_part(fit, WHOLE, number, &fit->refusal);

	if (result != 1 || fit->keeps_logs || !is_lots(&fit->refusal))
		return result;
	fit->keeps_logs = true;
	result = load_part(fit, WHOLE, number, &refused);
	if (result)
		fit->refusal = refused;
	return result == 0 && !chosen(fit)->can_drop ? 1 : result;
}

/* The same, and attach it. */
static int try_whole(struct fit *fit, bool *may_shrink)
{
	int number = 0;
	int result = load_whole(fit, &number);
	bool is_loading = result != 0;

	if (result == 0)
		result = put(fit, &number, &fit->refusal);
	*may_shrink = result == 1 && is_size(number, is_loading, &fit->refusal);
	return result;
}

/*
 * The largest part that loads: all but fragments, else by halving what is left;
 * 0: none.
 */
static int find_part(struct fit *fit, size_t *out, struct err *err)
{
	size_t fits = 0, is_too_much = PARTS;
	int number;
	int first = load_part(fit, PARTS, &number, err);

	if (first <= 0) {
		*out = PARTS;
		return first;
	}
	while (fit->loads < LOADS_MAX && is_too_much - fits > 1) {
		size_t middle = (fits + is_too_much) / 2;
		int result = load_part(fit, middle, &number, err);

		if (result < 0)
			return result;
		if (result == 0)
			fits = middle;
		else
			is_too_much = middle;
	}
	*out = fits;
	return 0;
}

/*
 * As much as fits; what loads may still be refused when it is attached, then
 * half of it is tried, and so on. Returns as load_part().
 */
static int try_parts(struct fit *fit, struct err *err)
{
	struct err refused;
	size_t keep = 0;
	int number = 0;
	int result = find_part(fit, &keep, err);

	for (; result == 0 && keep > 0; keep /= 2) {
		if (fit->keep != keep || !fit->swap->program)
			result = load_part(fit, keep, &number, &refused);
		if (result == 1)
			return 1;
		if (result == 0 && !chosen(fit)->can_drop)
			return 1;
		if (result == 0)
			result = put(fit, &number, &refused);
		if (result == 1 && is_size(number, false, &refused)) {
			result = 0;
			continue;
		}
		if (result < 0)
			*err = refused;
		return result;
	}
	return result < 0 ? result : 1;
}

/* May the former program go before the new one is there? */
static bool can_make_room(const struct swap *card, const struct swap *host)
{
	return swap_has_former(card) && !card->is_detached &&
	       !card->is_silenced && swap_is_filled(host);
}

/* Has somebody stopped the former program? */
static bool is_stopped(const struct swap *card)
{
	struct wire_switch found;
	struct err unseen;

	return switch_get(card->former.ident.prog_id, &found, &unseen) == 0 &&
	       found.is_stopped;
}

/*
 * The whole, if need be in the former one's slot, else a part of it. What is
 * stopped has nothing to lose and goes first: where taking it off has failed
 * before, nfp takes it for switched off, and does not start what replaces it
 * (nfp_net_bpf_stop(), nfp_net_bpf_offload() in bpf/offload.c, 6.1).
 */
static int attach(struct fit *fit, const struct swap *host, struct err *err)
{
	bool may_shrink = false;
	int result = 0;

	if (can_make_room(fit->swap, host) && is_stopped(fit->swap))
		result = swap_make_room(fit->swap, err);
	if (result >= 0)
		result = try_whole(fit, &may_shrink);
	if (result == 1 && can_make_room(fit->swap, host)) {
		result = swap_make_room(fit->swap, err);
		if (result == 0)
			result = try_whole(fit, &may_shrink);
	}
	if (result == 1 && may_shrink && !fit->swap->is_silenced)
		result = try_parts(fit, err);
	if (result)
		*err = result == 1 || !*err->text ? fit->refusal : *err;
	return result;
}

static void note(const struct fit *fit)
{
	struct apply_result *out = fit->swap->result;

	out->card_rules = card_count_rules(swap_plan(fit->swap), chosen(fit));
	if (fit->program)
		snprintf(out->card_limit, sizeof(out->card_limit), "%.511s",
			 fit->refusal.text);
}

int fit_card(struct swap *card, const struct swap *host, struct err *err)
{
	const struct plan *plan = swap_plan(card);
	const struct plan_tier *planned = &plan->tiers[TIER_HW];
	OWN_FIT struct fit fit = { .swap = card,
				   .backend = backend_find(TIER_HW) };

	if (!planned->is_candidate) {
		climb_object(card, TIER_HW);
		return 0;
	}
	if (swap_keep(card, fit.backend)) {
		card->result->card_rules = plan->card_rule_count;
		return 0;
	}
	err->text[0] = '\0';
	int result = attach(&fit, host, err);
	if (result == 0)
		note(&fit);
	if (result != 1)
		return result;
	climb_step_down(card, TIER_HW, REASON_REFUSED, err->text);
	if (!swap_has_former(card) || card->is_detached || card->is_silenced)
		return 0;
	err_set(err, ERR_SYSTEM, 0,
		"the former program of wirewall stays on the card, because the "
		"new one cannot replace it, and nothing stands behind it: "
		"%.1500s",
		card->result->steps[0].text);
	return -EOPNOTSUPP;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "bpf/expiry.h"
#include "bpf/load.h"
#include "bpf/set_live.h"
#include "bpf/switch.h"
#include "fallback/proof.h"
#include "fallback/swap.h"
#include "fallback/state.h"

const struct plan *swap_plan(const struct swap *swap)
{
	return swap->request->plan;
}

bool swap_has_former(const struct swap *swap)
{
	return swap->former.owner == OWNER_OURS;
}

bool swap_has_candidate(const struct swap *swap)
{
	const struct plan *plan = swap_plan(swap);

	for (int tier = TIER_GENERIC; tier < TIER_COUNT; tier++) {
		if (plan->tiers[tier].is_candidate &&
		    backend_find(tier)->slot == swap->slot)
			return true;
	}
	return false;
}

bool swap_is_filled(const struct swap *swap)
{
	return swap->is_unchanged || swap->is_attached;
}

uint32_t swap_prog_id(const struct swap *swap)
{
	if (swap->is_unchanged)
		return swap->former.ident.prog_id;
	return swap->is_attached ? swap->program->prog_id : 0;
}

static int refuse_foreign(const struct holder *holder, const char *iface,
			  struct err *err)
{
	static const char *const words[] = {
		[XDP_MODE_NATIVE] = "xdpdrv",
		[XDP_MODE_GENERIC] = "xdpgeneric",
		[XDP_MODE_HW] = "xdpoffload",
	};

	err_set(err, ERR_SYSTEM, 0,
		"another XDP program, \"%.*s\" with the id %u, is attached "
		"(%s) and is left alone; if it may go: ip link set dev %s "
		"%s off",
		BPF_OBJ_NAME_LEN, holder->ident.name, holder->ident.prog_id,
		tier_name(holder->backend->tier), iface,
		words[holder->backend->mode]);
	return -EBUSY;
}

int swap_survey(struct swap *swap, struct err *err)
{
	const struct plan *plan = swap_plan(swap);
	int result = link_get(plan->iface, &swap->link, err);

	if (result < 0)
		return result;
	result = holder_find(&swap->link, swap->slot, &swap->former, err);
	if (result < 0)
		return result;
	if (swap->former.owner == OWNER_FOREIGN && swap_has_candidate(swap))
		return refuse_foreign(&swap->former, plan->iface, err);
	if (swap_has_former(swap)) {
		result = load_prog_fd(swap->former.ident.prog_id, err);
		if (result < 0)
			return result;
		swap->former_fd = result;
	}
	return 0;
}

/*
 * Names first: from its first packet on `stats` knows what the program counts.
 * Without a record it filters just as well.
 */
static void keep_record(struct swap *swap, const struct ident *ident)
{
	struct err err;

	if (swap->request->record &&
	    state_write(ident, swap->request->record, &err) < 0)
		snprintf(swap->result->warning, sizeof(swap->result->warning),
			 "names of rules will be missing in status and stats: "
			 "%.400s",
			 err.text);
}

int swap_load(struct swap *swap, const struct xdp_backend *backend,
	      const struct program *program, bool frags, struct err *err)
{
	const struct load_options options = {
		.frags = frags,
		.tier = backend->tier,
		.digest = swap_plan(swap)->digest,
		.is_card = backend->slot == SLOT_CARD,
		.expires = swap->expires,
		.ifindex = backend->slot == SLOT_CARD ? swap->link.ifindex : 0,
	};

	swap->backend = backend;
	loaded_free(take(swap->program));
	return load_program(program, &options, &swap->program, err);
}

/*
 * What the attachment came to, by what is there: the answer may be lost on its
 * way, and some of the numbers that mean "not here" also mean that somebody
 * was faster. Returns 0; 1 when the driver does not take it; -errno.
 */
static int judge(struct swap *swap, int answer, struct err *err)
{
	uint32_t former = swap->is_detached ? 0 : swap->former.ident.prog_id;
	uint32_t there = 0;
	struct err why;
	int result = holder_prog_id(&swap->link, swap->slot, &there, &why);

	/* In doubt there is something to undo. */
	swap->is_attached = result < 0 || answer == 0;
	if (result < 0) {
		*err = why;
		return result;
	}
	if (there == swap->program->prog_id) {
		swap->is_attached = true;
		return 0;
	}
	if (there == former && answer < 0) {
		swap->refusal = reason_of_refusal(-answer);
		return swap->refusal != REASON_NONE ? 1 : answer;
	}
	err_set(err, ERR_SYSTEM, 0,
		"the new program should be attached with the id %u, but the "
		"kernel shows %u (former: %u, 0: none); does something else "
		"attach XDP programs here?",
		swap->program->prog_id, there, former);
	return -EBUSY;
}

/* What was detached to make room comes back when the new one has gone. */
static int put_back(struct swap *swap, struct err *err)
{
	int ifindex = swap->link.ifindex;
	bool has_former = swap->former_fd >= 0 && !swap->is_detached;
	int result = 0;

	if (swap->is_attached && has_former)
		return xdp_attach(ifindex, swap->backend->mode, swap->former_fd,
				  swap->program->prog_fd, err);
	if (swap->is_attached)
		result = xdp_detach(ifindex, swap->backend->mode,
				    swap->program->prog_fd, err);
	if (result == 0 && swap->is_detached)
		result = xdp_attach(ifindex, swap->former.backend->mode,
				    swap->former_fd, -1, err);
	return result;
}

/*
 * The kernel shows the program as attached: does it run, too? A driver that
 * only says so is left, with what was there before. Returns 0, 1 or -errno as
 * judge().
 */
static int prove(struct swap *swap, struct err *err)
{
	/* Nobody counts the runs on a card, and what it drops never arrives. */
	if (swap->slot == SLOT_CARD || swap->link.hw_id)
		return 0;
	switch (proof_watch(&swap->link, swap->program->prog_fd)) {
	case PROOF_NONE:
		return 0;
	case PROOF_RUNS:
		swap->result->is_proved = true;
		return 0;
	case PROOF_SILENT:
		break;
	}
	int result = put_back(swap, err);
	if (result < 0)
		return result;
	swap->is_attached = false;
	swap->refusal = REASON_FILTERS_NOTHING;
	err_set(err, ERR_SYSTEM, 0,
		"packets were received, and the program %u did not run once",
		swap->program->prog_id);
	return 1;
}

int swap_put(struct swap *swap, int *number, struct err *err)
{
	struct ident ident = { .prog_id = swap->program->prog_id };

	memcpy(ident.tag, swap->program->tag, sizeof(ident.tag));
	keep_record(swap, &ident);

	int result = xdp_attach(swap->link.ifindex, swap->backend->mode,
				swap->program->prog_fd,
				swap->is_detached ? -1 : swap->former_fd, err);
	*number = -result;
	result = judge(swap, result, err);
	return result ? result : prove(swap, err);
}

/* Are the sets those that the program came with? What cannot be told is not. */
static bool has_first_sets(const struct holder *former)
{
	struct err unseen;

	return set_live_is_original(former->ident.prog_id, &unseen) == 1;
}

bool swap_keep(struct swap *swap, const struct xdp_backend *backend)
{
	const struct holder *former = &swap->former;

	swap->is_unchanged =
		swap_has_former(swap) && former->backend == backend &&
		former->meta.tier == backend->tier &&
		memcmp(former->meta.digest, swap_plan(swap)->digest,
		       sizeof(former->meta.digest)) == 0 &&
		(swap->slot == SLOT_CARD || has_first_sets(former));
	if (swap->is_unchanged)
		keep_record(swap, &swap->former.ident);
	return swap->is_unchanged;
}

/* Returns 0; 1 when the driver does not take it, @err tells why; -errno. */
static int attach_once(struct swap *swap, const struct xdp_backend *backend,
		       bool frags, struct err *err)
{
	int result =
		swap_load(swap, backend, swap_plan(swap)->program, frags, err);
	int number;

	return result < 0 ? result : swap_put(swap, &number, err);
}

int swap_attach(struct swap *swap, const struct xdp_backend *backend,
		struct err *err)
{
	if (swap_keep(swap, backend))
		return 0;

	int result = attach_once(swap, backend, swap->can_take_frags, err);
	if (result == 1 && swap->can_take_frags)
		result = attach_once(swap, backend, false, err);
	return result;
}

/* Planned for other rules, it must not drop beside the new program. */
static int silence(struct swap *swap, const struct err *why)
{
	uint32_t prog_id = swap->former.ident.prog_id;
	struct wire_switch before;
	struct err unseen;
	int result = switch_get(prog_id, &before, &unseen);

	if (result == 0)
		result = switch_set(prog_id, true, &unseen);
	if (result < 0)
		return result;
	swap->is_detached = false;
	swap->is_silenced = true;
	swap->was_silent = before.is_stopped;
	snprintf(swap->result->warning, sizeof(swap->result->warning),
		 "the former program %u stays on the card, where it is stopped "
		 "and drops nothing: %.350s",
		 prog_id, why->text);
	return 1;
}

int swap_make_room(struct swap *swap, struct err *err)
{
	swap->is_detached = true;
	int result = holder_detach(&swap->former, &swap->link, err);

	if (result == 0 || result == -ENODEV || swap->slot != SLOT_CARD)
		return result;
	return silence(swap, err) == 1 ? 1 : result;
}

int swap_detach(struct swap *swap, struct err *err)
{
	if (swap_is_filled(swap) || swap->is_detached || swap->is_silenced ||
	    !swap_has_former(swap))
		return 0;
	int result = swap_make_room(swap, err);
	return result < 0 ? result : 0;
}

/* What was confirmed, or did not need it, does not begin to expire again. */
static int begin_expiry(struct swap *swap, struct err *err)
{
	unsigned int left;
	int result = 0;

	if (swap->slot == SLOT_CARD)
		return 0;
	if (swap->is_unchanged)
		result = expiry_get(swap->former.ident.prog_id, &left, err);
	if (result < 0)
		return result;
	swap->is_expiring = result > 0 || (swap->is_attached && swap->expires);
	return swap_expire(swap, swap->expires, err);
}

/* On a card that does not answer it stays stopped, with the host behind it. */
int swap_start(struct swap *swap, struct err *err)
{
	int result = swap->is_unchanged ? switch_set(swap->former.ident.prog_id,
						     false, err)
					: 0;

	if (result < 0 && swap->slot == SLOT_CARD) {
		snprintf(swap->result->warning, sizeof(swap->result->warning),
			 "the card's program may be stopped: %.400s",
			 err->text);
		return 0;
	}
	return result < 0 ? result : begin_expiry(swap, err);
}

int swap_expire(const struct swap *swap, unsigned int seconds, struct err *err)
{
	return swap->is_expiring ? expiry_set(swap_prog_id(swap), seconds, err)
				 : 0;
}

int swap_undo(struct swap *swap, struct err *err)
{
	uint32_t there = 0;
	struct err why;

	if (swap->is_silenced && !swap->was_silent)
		switch_set(swap->former.ident.prog_id, false, &why);
	if (!swap->is_attached && !swap->is_detached)
		return 0;
	int result = put_back(swap, err);
	if (result == 0 || result == -ENODEV)
		return 0;
	if (holder_prog_id(&swap->link, swap->slot, &there, &why) == 0 &&
	    there == swap->former.ident.prog_id)
		return 0;
	return result;
}

void swap_release(struct swap *swap)
{
	loaded_free(swap->program);
	if (swap->former_fd >= 0)
		close(swap->former_fd);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/own.h"
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
		if (plan->tiers[tier].is_candidate)
			return true;
	}
	return false;
}

static int refuse_foreign(const struct holder *holder, const char *iface,
			  struct err *err)
{
	err_set(err, ERR_SYSTEM, 0,
		"another XDP program, \"%.*s\" with the id %u, is attached "
		"(%s) and is left alone; if it may go: ip link set dev %s "
		"%s off",
		BPF_OBJ_NAME_LEN, holder->ident.name, holder->ident.prog_id,
		tier_name(holder->backend->tier), iface,
		holder->backend->mode == XDP_MODE_GENERIC ? "xdpgeneric"
							  : "xdpdrv");
	return -EBUSY;
}

int swap_survey(struct swap *swap, struct err *err)
{
	const struct plan *plan = swap_plan(swap);
	int result = link_get(plan->iface, &swap->link, err);

	if (result < 0)
		return result;
	result = holder_find(&swap->link, &swap->former, err);
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

static int load(struct swap *swap, const struct host_backend *backend,
		bool frags, struct err *err)
{
	const struct plan *plan = swap_plan(swap);
	const struct load_options options = {
		.frags = frags,
		.tier = backend->tier,
		.digest = plan->digest,
	};

	loaded_free(take(swap->program));
	return load_program(plan->program, &options, &swap->program, err);
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

/*
 * What the attachment came to, by what is there: the answer may be lost on its
 * way, and some of the numbers that mean "not here" also mean that somebody
 * was faster. Returns 0; 1 when the driver does not take it; -errno.
 */
static int judge(struct swap *swap, int answer, struct err *err)
{
	uint32_t former = swap->former.ident.prog_id;
	uint32_t there = 0;
	struct err why;
	int result = holder_prog_id(&swap->link, &there, &why);

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

/* What was there before, in the place of the new program. */
static int put_back(struct swap *swap, struct err *err)
{
	int ifindex = swap->link.ifindex;

	if (swap->is_detached)
		return xdp_attach(ifindex, swap->former.backend->mode,
				  swap->former_fd, -1, err);
	if (swap->former_fd < 0)
		return xdp_detach(ifindex, swap->backend->mode,
				  swap->program->prog_fd, err);
	return xdp_attach(ifindex, swap->backend->mode, swap->former_fd,
			  swap->program->prog_fd, err);
}

/*
 * The kernel shows the program as attached: does it run, too? A driver that
 * only says so is left, with what was there before. Returns 0, 1 or -errno as
 * judge().
 */
static int prove(struct swap *swap, struct err *err)
{
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

/* Returns 0; 1 when the driver does not take it, @err tells why; -errno. */
static int attach_once(struct swap *swap, const struct host_backend *backend,
		       bool frags, struct err *err)
{
	struct ident ident = { 0 };
	int result = load(swap, backend, frags, err);

	if (result < 0)
		return result;
	ident.prog_id = swap->program->prog_id;
	memcpy(ident.tag, swap->program->tag, sizeof(ident.tag));
	keep_record(swap, &ident);

	swap->backend = backend;
	result = judge(swap,
		       xdp_attach(swap->link.ifindex, backend->mode,
				  swap->program->prog_fd, swap->former_fd, err),
		       err);
	return result ? result : prove(swap, err);
}

/* Are the sets those that the program came with? What cannot be told is not. */
static bool has_first_sets(const struct holder *former)
{
	struct err unseen;

	return set_live_is_original(former->ident.prog_id, &unseen) == 1;
}

static bool is_same(const struct swap *swap, const struct host_backend *backend)
{
	const struct holder *former = &swap->former;

	return swap_has_former(swap) && former->backend == backend &&
	       former->meta.tier == backend->tier &&
	       memcmp(former->meta.digest, swap_plan(swap)->digest,
		      sizeof(former->meta.digest)) == 0 &&
	       has_first_sets(former);
}

int swap_attach(struct swap *swap, const struct host_backend *backend,
		struct err *err)
{
	struct apply_result *out = swap->result;

	if (is_same(swap, backend)) {
		keep_record(swap, &swap->former.ident);
		out->prog_id = swap->former.ident.prog_id;
		out->has_frags = swap->former.meta.has_frags;
		out->is_unchanged = true;
		out->tier = backend->tier;
		return 0;
	}
	int result = attach_once(swap, backend, swap->can_take_frags, err);
	if (result == 1 && swap->can_take_frags)
		result = attach_once(swap, backend, false, err);
	if (result)
		return result;
	out->prog_id = swap->program->prog_id;
	out->has_frags = swap->program->has_frags;
	out->tier = backend->tier;
	return 0;
}

int swap_detach(struct swap *swap, struct err *err)
{
	if (swap->result->tier != TIER_NONE || !swap_has_former(swap))
		return 0;
	swap->is_detached = true;
	return holder_detach(&swap->former, &swap->link, err);
}

int swap_start(struct swap *swap, struct err *err)
{
	if (!swap->result->is_unchanged)
		return 0;
	return switch_set(swap->former.ident.prog_id, false, err);
}

int swap_undo(struct swap *swap, struct err *err)
{
	uint32_t there = 0;
	struct err why;

	if (!swap->is_attached && !swap->is_detached)
		return 0;
	int result = put_back(swap, err);
	if (result == 0 || result == -ENODEV)
		return 0;
	if (holder_prog_id(&swap->link, &there, &why) == 0 &&
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

// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <time.h>

#include "base/own.h"
#include "fallback/proof.h"

#define PAUSE_MS 10
/* A link on which nothing comes in for so long is quiet. */
#define PAUSES_QUIET 4
/*
 * Counters of received packets may be brought up to date by the driver from
 * time to time and then tell of the past: only what grows again and again
 * comes in now.
 */
#define PAUSES_DOUBT 90
#define GROWTHS	     3

static bool has_run(const struct proof_source *source, bool *is_known)
{
	uint64_t runs = 0;

	*is_known = source->runs(source->context, &runs) == 0;
	return *is_known && runs > 0;
}

/* Packets came in without a run: is it always so? */
static enum proof doubt(const struct proof_source *source, uint64_t last)
{
	unsigned int growths = 1;
	bool is_known;

	for (int i = 0; i < PAUSES_DOUBT; i++) {
		uint64_t now;

		source->pause(source->context);
		if (source->received(source->context, &now) < 0)
			return PROOF_NONE;
		/* Runs are asked last: what was received has been judged. */
		if (has_run(source, &is_known))
			return PROOF_RUNS;
		if (!is_known)
			return PROOF_NONE;
		growths += now > last;
		last = now;
		if (growths > GROWTHS)
			return PROOF_SILENT;
	}
	return PROOF_NONE;
}

enum proof proof_judge(const struct proof_source *source)
{
	uint64_t before, after;
	bool is_known;

	if (source->received(source->context, &before) < 0)
		return PROOF_NONE;
	for (int i = 0; i < PAUSES_QUIET; i++) {
		if (has_run(source, &is_known))
			return PROOF_RUNS;
		if (!is_known)
			return PROOF_NONE;
		source->pause(source->context);
	}
	if (source->received(source->context, &after) < 0)
		return PROOF_NONE;
	if (has_run(source, &is_known))
		return PROOF_RUNS;
	return is_known && after > before ? doubt(source, after) : PROOF_NONE;
}

struct watch {
	int ifindex, prog_fd;
};

static int received(void *context, uint64_t *out)
{
	const struct watch *watch = context;

	return link_count_received(watch->ifindex, out);
}

static int runs(void *context, uint64_t *out)
{
	const struct watch *watch = context;
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);
	int result = bpf_obj_get_info_by_fd(watch->prog_fd, &info, &size);

	*out = info.run_cnt;
	return result;
}

static void pause_a_little(void *context)
{
	const struct timespec time = { .tv_nsec = PAUSE_MS * 1000000L };

	(void)context;
	nanosleep(&time, NULL);
}

enum proof proof_watch(const struct link *link, int prog_fd)
{
	struct watch watch = { link->ifindex, prog_fd };
	const struct proof_source source = { received, runs, pause_a_little,
					     &watch };
	OWN_FD int stats =
		link->is_up ? bpf_enable_stats(BPF_STATS_RUN_TIME) : -1;

	return stats < 0 ? PROOF_NONE : proof_judge(&source);
}

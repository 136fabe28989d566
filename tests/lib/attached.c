// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/own.h"
#include "bpf/load.h"
#include "tests/lib/attached.h"
#include "tests/lib/netns.h"
#include "tests/lib/topology.h"

#define PATIENCE_SECONDS 5

static const char *wirewall(void)
{
	const char *path = getenv("WIREWALL");

	return path ? path : "build/wirewall";
}

static int find_program(struct attached *attached, struct err *err)
{
	struct wire_meta meta;
	int ret = bpf_xdp_query_id((int)if_nametoindex(TOPOLOGY_IN), 0,
				   &attached->prog_id);

	if (ret)
		return err_system(err, -ret, "the program on " TOPOLOGY_IN);
	if (!attached->prog_id)
		return 0;
	ret = load_is_ours(attached->prog_id, &meta, err);
	if (ret < 0)
		return ret;
	if (!ret)
		return err_system(err, EEXIST, "a program of others");
	attached->rule_count = meta.rule_count;
	attached->prog_fd = load_prog_fd(attached->prog_id, err);
	if (attached->prog_fd < 0)
		return attached->prog_fd;
	attached->stats_fd = bpf_enable_stats(BPF_STATS_RUN_TIME);
	if (attached->stats_fd < 0)
		return err_system(err, errno, "counting a program's runs");
	return 0;
}

static int read_runs(const struct attached *attached, uint64_t *runs,
		     struct err *err)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(attached->prog_fd, &info, &size))
		return err_system(err, errno, "the program's runs");
	*runs = info.run_cnt;
	return 0;
}

int attached_wait(struct attached *attached, unsigned int count,
		  struct err *err)
{
	time_t deadline = time(NULL) + PATIENCE_SECONDS;
	uint64_t runs = 0;

	attached->runs += count;
	while (time(NULL) <= deadline) {
		int ret = read_runs(attached, &runs, err);

		if (ret)
			return ret;
		if (runs >= attached->runs) {
			attached->runs = runs;
			return 0;
		}
		/* Softirqs may be waiting for a thread of this processor. */
		sched_yield();
	}
	return err_system(err, ETIMEDOUT,
			  "the program ran %llu times, %llu packets came",
			  (unsigned long long)runs,
			  (unsigned long long)attached->runs);
}

/* What one look at the counters and the samples shows. */
struct look {
	const struct attached *attached;
	const uint8_t *frame;
	size_t length;
	const uint64_t *drops;
	unsigned int samples;
	bool is_wrong; /* a sample is of another packet, or names another rule */
};

static int see_sample(const struct wire_sample *sample, void *context)
{
	struct look *look = context;
	const struct attached *attached = look->attached;

	look->samples++;
	look->is_wrong |=
		sample->length != look->length ||
		memcmp(sample->frame, look->frame, sample->captured) != 0 ||
		sample->rule >= attached->rule_count ||
		look->drops[sample->rule] == attached->drops[sample->rule];
	return 0;
}

static unsigned int count_drops(const struct look *look)
{
	unsigned int count = 0;

	for (uint32_t i = 0; i < look->attached->rule_count; i++)
		count += look->drops[i] - look->attached->drops[i];
	return count;
}

/* Samples are taken for two seconds after a look (bpf/tap.h). */
static bool is_late(const struct attached *attached)
{
	return time(NULL) > attached->looked + 1;
}

int attached_has_dropped(struct attached *attached, const uint8_t *frame,
			 size_t length, struct err *err)
{
	OWN_MEM uint64_t *drops =
		calloc(attached->rule_count + 1, sizeof(*drops));
	struct look look = { attached, frame, length, drops, 0, false };

	if (!drops)
		return err_no_memory(err);
	int ret = load_read_drops(attached->prog_id, drops,
				  attached->rule_count, err);
	if (!ret)
		ret = tap_read(attached->tap, 0, see_sample, &look, err);
	if (ret < 0)
		return ret;
	unsigned int dropped = count_drops(&look);
	bool has_missed = look.samples < dropped && is_late(attached);
	attached->looked = time(NULL);
	if ((look.samples != dropped && !has_missed) || look.is_wrong)
		return err_system(err, EBADMSG,
				  "%u packets were counted, %u sampled%s",
				  dropped, look.samples,
				  look.is_wrong ? ", of another packet or rule"
						: "");
	free(attached->drops);
	attached->drops = take(drops);
	return dropped > 0;
}

/* The first look opens the tap. */
static int open_tap(struct attached *attached, struct err *err)
{
	attached->drops =
		calloc(attached->rule_count + 1, sizeof(*attached->drops));
	if (!attached->drops)
		return err_no_memory(err);

	int ret = tap_open(attached->prog_id, 1, &attached->tap, err);
	ret = ret ? ret : attached_has_dropped(attached, NULL, 0, err);
	return ret < 0 ? ret : 0;
}

int attached_apply(const char *options, const char *rules, struct attached *out,
		   struct err *err)
{
	OWN_BUF struct buf command = BUF_INIT;
	struct attached attached = ATTACHED_INIT;
	int ret;

	/* Warnings are of interest only with an error. */
	buf_addf(&command,
		 "%s apply %s --rules - " TOPOLOGY_IN
		 " >/dev/null 2>/run/said || { cat /run/said >&2; exit 1; }",
		 wirewall(), options);
	ret = netns_run(buf_text(&command), rules, err);
	if (!ret)
		ret = find_program(&attached, err);
	if (!ret && attached.prog_id)
		ret = open_tap(&attached, err);
	*out = attached;
	return ret;
}

int attached_remove(struct attached *attached, struct err *err)
{
	OWN_BUF struct buf command = BUF_INIT;
	bool is_there = attached->prog_id;

	free(attached->drops);
	tap_free(attached->tap);
	if (attached->prog_fd >= 0)
		close(attached->prog_fd);
	if (attached->stats_fd >= 0)
		close(attached->stats_fd);
	*attached = ATTACHED_INIT;
	if (!is_there)
		return 0;
	buf_addf(&command, "%s remove " TOPOLOGY_IN " >/dev/null", wirewall());
	return netns_run(buf_text(&command), NULL, err);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a host does with traffic, and what it does once a program is attached.
 * The same packets come three times to the same host with the same rules:
 *
 *	shadow	a program looks on and counts what it would drop: such a packet
 *		reaches nobody, is not forwarded, not answered and not logged
 *	with	a program drops: every packet does what it does without, so do
 *		counters of rules that exist to count, connections, lists
 *	without	what the others are compared with
 *
 * `wirewall` itself plans and attaches, in a network of namespaces with the
 * kernel's own iptables.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

#include "rules/read.h"
#include "tests/lib/args.h"
#include "tests/lib/attached.h"
#include "tests/lib/effects.h"
#include "tests/lib/gen_rules.h"
#include "tests/lib/hosts.h"
#include "tests/lib/show.h"
#include "tests/lib/topology.h"
#include "tests/lib/traffic.h"
#include "tests/lib/watch.h"

enum run {
	RUN_SHADOW,
	RUN_WITH,
	RUN_WITHOUT,
	RUN_COUNT,
};

/* One frame; two of them when a packet comes in fragments. */
struct shot {
	struct frame_spec spec;
	uint8_t frame[FRAME_MAX];
	size_t length;
	bool by_host;
};

struct traffic_diff {
	struct args args;
	const char *program;
	struct effects effects;
	struct random rnd;
	size_t index; /* of the ruleset */
	const struct host *host;
	struct buf text;
	struct ruleset *ruleset;
	struct gen_packets *gen;
	int host_fd;
	/* First those of conversations that the rules find going on. */
	struct shot *shots;
	size_t shot_count, talk_count;
	bool *is_doomed; /* by packet: the shadow would drop it */
	struct buf *stories[RUN_COUNT];
	char *aftermath[RUN_COUNT];
	size_t packets, doomed, told, fallen, idle, differences;
};

static void report(struct traffic_diff *diff, size_t packet, const char *what)
{
	diff->differences++;
	printf("# difference: %s\n", what);
	show_lines("rules", buf_text(&diff->text));
	printf("# host: %s\n", diff->host->name);
	for (size_t i = diff->talk_count; packet && i < diff->shot_count; i++)
		if (diff->shots[i].spec.id == packet)
			show_bytes("frame", diff->shots[i].frame,
				   diff->shots[i].length);
	args_print_repeat(&diff->args, diff->program, diff->index);
	fflush(stdout);
}

/* Traffic is made up before any of it is sent: it comes three times. */
static int add_shot(struct traffic_diff *diff, const struct frame_spec *spec,
		    const uint8_t *frame, size_t length, bool by_host)
{
	struct shot *shot = &diff->shots[diff->shot_count++];

	shot->spec = *spec;
	shot->length = length;
	shot->by_host = by_host;
	memcpy(shot->frame, frame, length);
	return 0;
}

static int add_talk(void *context, const struct frame_spec *spec, bool by_host,
		    struct err *err)
{
	uint8_t frame[FRAME_MAX];
	size_t length = frame_write(spec, frame);

	(void)err;
	return add_shot(context, spec, frame, length, by_host);
}

/* What an error quotes is not kept: of that shot only the frame is sent. */
static void add_packet(struct traffic_diff *diff, const struct traffic *traffic,
		       uint32_t id)
{
	uint8_t frame[FRAME_MAX], first[FRAME_MAX], second[FRAME_MAX];
	size_t split = 24 + 8 * random_below(&diff->rnd, 2);
	size_t length, first_length, second_length;
	struct frame_spec spec;

	traffic_next(traffic, &diff->rnd, &spec);
	spec.id = id;
	length = frame_write(&spec, frame);
	if (spec.shape != FRAME_WHOLE || !random_chance(&diff->rnd, 8) ||
	    !frame_split(frame, length, split, first, &first_length, second,
			 &second_length)) {
		add_shot(diff, &spec, frame, length, false);
		return;
	}
	add_shot(diff, &spec, first, first_length, false);
	add_shot(diff, &spec, second, second_length, false);
}

static int make_traffic(struct traffic_diff *diff, struct err *err)
{
	const struct gen_packets_options options = { 0 };
	struct traffic traffic = { .send = add_talk, .context = diff };
	int ret;

	gen_packets_free(take(diff->gen));
	diff->gen = gen_packets_make(diff->ruleset, &options);
	if (!diff->gen)
		return err_no_memory(err);
	traffic.gen = diff->gen;
	diff->shot_count = 0;
	ret = traffic_begin(&traffic, &diff->rnd, err);
	diff->talk_count = diff->shot_count;
	for (size_t i = 0; i < diff->args.packets && !ret; i++)
		add_packet(diff, &traffic, (uint32_t)i + 1);
	return ret;
}

static const char *command(const struct traffic_diff *diff, const char *verb)
{
	static char text[64];

	snprintf(text, sizeof(text), "ip%stables-%s-%s",
		 diff->args.family == FAMILY_IPV6 ? "6" : "",
		 diff->args.backend == BACKEND_NFT ? "nft" : "legacy", verb);
	return text;
}

static bool has_nat(const struct traffic_diff *diff)
{
	return strstr(buf_text(&diff->text), "*nat\n");
}

static int load_rules(const struct traffic_diff *diff, const char *rules,
		      struct err *err)
{
	OWN_BUF struct buf all = BUF_INIT;

	hosts_add_missing_tables(&all, rules, has_nat(diff));
	buf_add(&all, rules);
	return netns_run(command(diff, "restore"), buf_text(&all), err);
}

static int send_shot(const struct traffic_diff *diff, const struct shot *shot,
		     struct err *err)
{
	if (shot->by_host)
		return traffic_send_by_host(diff->host_fd, &shot->spec, err);
	return effects_send(&diff->effects, shot->frame, shot->length, err);
}

/* Nobody there, no rules; then conversations begin, and the rules come. */
static int begin(struct traffic_diff *diff, struct err *err)
{
	int ret = load_rules(diff, "", err);

	if (!ret)
		ret = watch_forget(err);
	if (!ret)
		ret = netns_run("sh -e", hosts_forget, err);
	if (!ret && diff->args.has_nat)
		ret = load_rules(diff,
				 hosts_nat(diff->args.family, diff->index),
				 err);
	for (size_t i = 0; i < diff->talk_count && !ret; i++)
		ret = send_shot(diff, &diff->shots[i], err);
	if (!ret)
		ret = effects_collect(&diff->effects, NULL, 0, err);
	return ret ? ret : load_rules(diff, buf_text(&diff->text), err);
}

/* All packets, one by one; the shadow is asked after each. */
static int send_all(struct traffic_diff *diff, struct attached *attached,
		    struct err *err)
{
	for (size_t i = diff->talk_count; i < diff->shot_count; i++) {
		const struct shot *shot = &diff->shots[i];
		int dropped = 0;
		int ret = send_shot(diff, shot, err);

		if (!ret && attached->prog_id)
			ret = attached_wait(attached, 1, err);
		if (!ret && attached->prog_id)
			dropped = attached_has_dropped(attached, shot->frame,
						       shot->length, err);
		if (ret || dropped < 0)
			return ret ? ret : dropped;
		if (dropped)
			diff->is_doomed[shot->spec.id - 1] = true;
	}
	return 0;
}

static int play(struct traffic_diff *diff, enum run run, struct err *err)
{
	/* The hooks that watch are vouched for, and that nothing changes. */
#define OPTIONS "--static --accept-bypass "
	static const char *const options[RUN_COUNT][2] = {
		{ OPTIONS "--shadow", OPTIONS "--shadow --max generic" },
		{ OPTIONS "--strict-conntrack",
		  OPTIONS "--strict-conntrack --max generic" },
		{ NULL, NULL },
	};
	const char *option = options[run][diff->index % 4 == 3];
	struct attached attached = ATTACHED_INIT;
	struct buf *stories = diff->stories[run];
	size_t count = diff->args.packets;
	struct err ignored;
	int ret;

	for (size_t i = 0; i < count; i++) {
		buf_free(&stories[i]);
		stories[i] = BUF_INIT;
	}
	diff->effects.is_brief = has_nat(diff);
	diff->effects.without_limited = run != RUN_SHADOW;
	memset(diff->is_doomed, 0, count * sizeof(*diff->is_doomed));
	ret = begin(diff, err);
	if (!ret && option)
		ret = attached_apply(option, buf_text(&diff->text), &attached,
				     err);
	diff->idle += !ret && option && !attached.prog_id;
	if (!ret)
		ret = send_all(diff, &attached, err);
	if (!ret)
		ret = effects_collect(&diff->effects, stories, count, err);
	if (ret) {
		attached_remove(&attached, &ignored);
		return ret;
	}
	free(take(diff->aftermath[run]));
	diff->aftermath[run] = hosts_aftermath(diff->args.family,
					       command(diff, "save -c"), err);
	ret = attached_remove(&attached, err);
	return diff->aftermath[run] ? ret : -EIO;
}

/* What the shadow would drop did nothing. */
static void judge_shadow(struct traffic_diff *diff)
{
	for (size_t i = 0; i < diff->args.packets; i++) {
		const struct buf *story = &diff->stories[RUN_SHADOW][i];

		diff->packets++;
		diff->told += story->length > 0;
		if (!diff->is_doomed[i])
			continue;
		diff->doomed++;
		if (!story->length)
			continue;
		show_lines("the host", buf_text(story));
		report(diff, i + 1,
		       "the host takes what the program would drop");
		return;
	}
}

/* What a program drops is dropped without it; all else stays as it is. */
static void judge_with(struct traffic_diff *diff)
{
	for (size_t i = 0; i < diff->args.packets; i++) {
		const char *with = buf_text(&diff->stories[RUN_WITH][i]);
		const char *without = buf_text(&diff->stories[RUN_WITHOUT][i]);

		if (!strcmp(with, without))
			continue;
		show_lines("with the program", with);
		show_lines("without", without);
		report(diff, i + 1, "the host does something else with it");
		return;
	}
	if (!strcmp(diff->aftermath[RUN_WITH], diff->aftermath[RUN_WITHOUT]))
		return;
	show_lines("with the program", diff->aftermath[RUN_WITH]);
	show_lines("without", diff->aftermath[RUN_WITHOUT]);
	report(diff, 0, "something else is left behind");
}

/* Did any packet fare otherwise, or was something else left behind? */
static bool differs(const struct traffic_diff *diff)
{
	for (size_t i = 0; i < diff->args.packets; i++) {
		if (strcmp(buf_text(&diff->stories[RUN_WITH][i]),
			   buf_text(&diff->stories[RUN_WITHOUT][i])) != 0)
			return true;
	}
	return strcmp(diff->aftermath[RUN_WITH],
		      diff->aftermath[RUN_WITHOUT]) != 0;
}

static void count_fallen(struct traffic_diff *diff)
{
	for (size_t i = 0; i < diff->args.packets; i++)
		diff->fallen += diff->is_doomed[i];
}

/* Matches that time answers: the same packets do not get the same twice. */
static bool is_timed(const struct traffic_diff *diff)
{
	static const char *const timed[] = { " -m limit ", " -m hashlimit ",
					     " -m time " };

	for (size_t i = 0; i < ARRAY_SIZE(timed); i++)
		if (strstr(buf_text(&diff->text), timed[i]))
			return true;
	return false;
}

/*
 * With and without a program. Where the host itself need not do the same thing
 * twice a difference must come again; anywhere else one is enough.
 */
static int compare(struct traffic_diff *diff, struct err *err)
{
	int most = is_timed(diff) ? 2 : 1;
	int ret = 0;

	for (int tries = 0; tries < most && !ret; tries++) {
		ret = play(diff, RUN_WITH, err);
		if (!tries)
			count_fallen(diff);
		if (!ret)
			ret = play(diff, RUN_WITHOUT, err);
		if (!ret && !differs(diff))
			break;
	}
	return ret;
}

static int do_ruleset(struct traffic_diff *diff, struct err *err)
{
	size_t before = diff->differences;
	int ret = make_traffic(diff, err);

	diff->host = hosts_choose(diff->args.family, &diff->rnd);
	if (!ret)
		ret = netns_run("sh -e", diff->host->begin, err);
	if (!ret)
		ret = play(diff, RUN_SHADOW, err);
	if (!ret)
		judge_shadow(diff);
	if (!ret && diff->differences == before)
		ret = compare(diff, err);
	if (!ret && diff->differences == before)
		judge_with(diff);
	return ret ? ret : netns_run("sh -e", diff->host->end, err);
}

static int make_ruleset(struct traffic_diff *diff, struct err *err)
{
	const struct gen_rules_options options = {
		.family = diff->args.family,
		.has_unknown = true,
	};
	OWN_BUF struct buf missing = BUF_INIT;

	buf_free(&diff->text);
	diff->text = BUF_INIT;
	diff->rnd = random_make(diff->args.seed, diff->index);
	if (diff->args.has_nat)
		buf_add(&diff->text, hosts_nat(diff->args.family, diff->index));
	if (diff->args.rules)
		buf_add(&diff->text, diff->args.rules);
	else
		gen_rules_make(&diff->text, &diff->rnd, &options, diff->index);
	hosts_add_missing_tables(&missing, buf_text(&diff->text), false);
	buf_add(&diff->text, buf_text(&missing));
	ruleset_free(take(diff->ruleset));
	return read_rules(buf_text(&diff->text), diff->text.length, "random",
			  diff->args.family, &diff->ruleset, NULL, err);
}

/* /run is where wirewall keeps names and iptables its lock. */
static int enter_sandbox(struct err *err)
{
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/run", "tmpfs", 0, NULL))
		return err_system(err, errno, "mounts of its own");
	return 0;
}

static void stay_on_one_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

static int prepare(struct traffic_diff *diff, struct err *err)
{
	size_t packets = diff->args.packets;
	struct netns netns;
	int ret = enter_sandbox(err);

	diff->shots =
		calloc(3 * TRAFFIC_TALKS + 2 * packets, sizeof(*diff->shots));
	diff->is_doomed = calloc(packets, sizeof(*diff->is_doomed));
	for (int run = 0; run < RUN_COUNT; run++)
		diff->stories[run] =
			calloc(packets, sizeof(*diff->stories[run]));
	if (!diff->shots || !diff->is_doomed || !diff->stories[RUN_SHADOW] ||
	    !diff->stories[RUN_WITH] || !diff->stories[RUN_WITHOUT])
		return err_no_memory(err);
	stay_on_one_cpu();
	if (!ret)
		ret = netns_make(&netns, err);
	if (!ret)
		ret = effects_make(&netns, diff->args.family, &diff->effects,
				   err);
	if (ret)
		return ret;
	diff->host_fd = traffic_host_socket(diff->args.family, err);
	return diff->host_fd < 0 ? diff->host_fd : 0;
}

static int run(struct traffic_diff *diff, struct err *err)
{
	size_t done = 0;
	int ret = prepare(diff, err);

	for (; !ret && args_goes_on(&diff->args, done); done++) {
		diff->index = diff->args.first + done;
		ret = make_ruleset(diff, err);
		if (!ret)
			ret = do_ruleset(diff, err);
	}
	printf("# %zu rulesets (%zu programs had nothing to drop), %zu "
	       "packets, "
	       "%zu did something, %zu would be dropped, %zu were\n",
	       done, diff->idle, diff->packets, diff->told, diff->doomed,
	       diff->fallen);
	return ret;
}

int main(int argc, char **argv)
{
	static struct traffic_diff diff;
	struct err err;
	bool is_right;

	args_parse(argc, argv, &diff.args);
	diff.program = argv[0];
	if (run(&diff, &err)) {
		show_lines("rules", buf_text(&diff.text));
		args_print_repeat(&diff.args, argv[0], diff.index);
		printf("not ok - traffic came to its end: %s\n", err.text);
		return 1;
	}
	/* Who drops nothing shows nothing; of one file that may be so, and
	 * where time was up after a ruleset or two. */
	is_right = !diff.differences && diff.packets &&
		   ((diff.fallen && diff.told) || diff.args.rules ||
		    !diff.args.count);
	printf("%sok - what dies early is missed nowhere: ip%stables-%s%s%s%s "
	       "(seed %llu)\n",
	       is_right ? "" : "not ",
	       diff.args.family == FAMILY_IPV6 ? "6" : "",
	       diff.args.backend == BACKEND_NFT ? "nft" : "legacy",
	       diff.args.has_nat ? " with NAT" : "",
	       diff.args.rules_name ? ", " : "",
	       diff.args.rules_name ? diff.args.rules_name : "",
	       (unsigned long long)diff.args.seed);
	return is_right ? 0 : 1;
}

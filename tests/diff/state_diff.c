// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connection states, kernel against program: whatever comes next in whatever
 * conversation (tests/lib/scene.c), the state that the kernel's connection
 * tracking gives the packet is one of S, the states that a program asked just
 * before takes to be possible (bpf/state.bpf.h).
 *
 * Every packet has a conversation of its own: a client address of its own. So
 * all conversations are led up to their points first, then the program is asked
 * about every packet, then the packets are sent.
 */
#include <assert.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/own.h"
#include "offload/tracking.h"
#include "tests/lib/asker.h"
#include "tests/lib/perform.h"
#include "tests/lib/show.h"
#include "tests/lib/view.h"
#include "tests/lib/watch.h"

#define CASES_MAX 0xf000u
#define CHUNK	  512 /* conversations at once */

#define SENTENCE "every state of the kernel is in S"

struct one_case {
	struct part part;
	uint8_t reached; /* enum tcp_state, after the act */
	uint8_t frame[FRAME_MAX];
	size_t length;
	unsigned int possible; /* S */
	unsigned int seen;     /* what the kernel says; 0: it never said */
};

/* What was seen of one S: how large it is without need. */
struct tally {
	size_t count[WIRE_STATE_COUNT];
	size_t total;
};

struct state_diff {
	const char *program_name;
	const struct scene *scene;
	uint64_t seed;
	enum family family;
	size_t only;	   /* 0: all cases */
	size_t first, end; /* the cases under way */
	struct theatre theatre;
	struct wire_settings settings;
	struct asker asker;
	struct one_case *cases;
	size_t count, differences, unseen, unreached;
	struct tally tallies[LINE_ERROR + 1][WIRE_STATES_ALL + 1];
};

static void add_case(void *context, const struct act *act, uint8_t icmp_request,
		     const struct line *line)
{
	struct state_diff *diff = context;

	assert(diff->count < CASES_MAX);
	diff->cases[diff->count++].part = (struct part){
		.act = act,
		.icmp_request = icmp_request,
		.line = *line,
	};
}

static void on_state(void *context, uint32_t id, unsigned int state)
{
	struct state_diff *diff = context;

	if (id > 0 && id <= diff->count)
		diff->cases[id - 1].seen |= state;
}

/* The first of the cases under way from @index on that is wanted. */
static size_t next_case(const struct state_diff *diff, size_t index)
{
	if (diff->only && index + 1 < diff->only)
		index = diff->only - 1;
	else if (diff->only && index + 1 > diff->only)
		index = diff->end;
	return index < diff->end ? index : diff->end;
}

#define for_each_case(diff, i)                                                 \
	for (size_t i = next_case(diff, (diff)->first); i < (diff)->end;       \
	     i = next_case(diff, i + 1))

/* Connections are told apart by their clients. */
static void on_entry(void *context, const struct entry *entry)
{
	struct state_diff *diff = context;
	u128 first = theatre_client(diff->family, 0);
	u128 client = entry->daddr == theatre_server(diff->family)
			      ? entry->saddr
			      : entry->daddr;

	if (entry->proto == IPPROTO_TCP && !perform_is_control(entry->dport) &&
	    client >= first && client < first + diff->count)
		diff->cases[(size_t)(client - first)].reached =
			entry->tcp_state;
}

/* Did the acts lead where they should? Other cases than meant prove less. */
static void check_reached(struct state_diff *diff)
{
	const struct act *told = NULL;

	for_each_case(diff, i)
	{
		const struct one_case *one = &diff->cases[i];

		if (one->reached == one->part.act->tcp_state)
			continue;
		diff->unreached++;
		if (one->part.act == told)
			continue;
		told = one->part.act;
		printf("# case %zu: '%s' leads to %s, meant was %s\n", i + 1,
		       one->part.act->script, entries_state_name(one->reached),
		       entries_state_name(one->part.act->tcp_state));
	}
}

static int begin_cases(struct state_diff *diff, struct err *err)
{
	int ret = watch_forget(err);

	for_each_case(diff, i)
	{
		if (ret)
			return ret;
		perform_begin(diff->scene, diff->family, diff->seed, i,
			      &diff->cases[i].part);
		ret = perform_act(&diff->theatre, diff->scene,
				  &diff->cases[i].part, err);
	}
	if (!ret)
		ret = theatre_settle(&diff->theatre, on_state, diff, err);
	if (ret || !diff->scene->must_reach)
		return ret;
	ret = entries_read(diff->family, on_entry, diff, err);
	check_reached(diff);
	return ret;
}

static int ask_cases(struct state_diff *diff, struct err *err)
{
	for_each_case(diff, i)
	{
		struct one_case *one = &diff->cases[i];
		int states;

		one->length =
			perform_line(&one->part, (uint32_t)i + 1, one->frame);
		states =
			asker_states(&diff->asker,
				     diff->theatre.ifindex[one->part.line.from],
				     one->frame, one->length, err);
		if (states < 0)
			return states;
		one->possible = (unsigned int)states;
	}
	return 0;
}

static int send_cases(struct state_diff *diff, struct err *err)
{
	for_each_case(diff, i)
	{
		const struct one_case *one = &diff->cases[i];
		int ret = theatre_send(&diff->theatre, one->part.line.from,
				       one->frame, one->length, err);

		if (!ret && i % CHUNK == CHUNK - 1)
			ret = theatre_settle(&diff->theatre, on_state, diff,
					     err);
		if (ret)
			return ret;
	}
	return theatre_settle(&diff->theatre, on_state, diff, err);
}

static const char *states_text(unsigned int states, char text[64])
{
	*text = '\0';
	for (int i = 0; i < WIRE_STATE_COUNT; i++) {
		if (!(states & 1u << i))
			continue;
		if (*text)
			strcat(text, " ");
		strcat(text, show_state(1u << i));
	}
	return text;
}

static void report(struct state_diff *diff, size_t index, const char *what)
{
	const struct one_case *one = &diff->cases[index];
	char states[64], line[128];

	diff->differences++;
	printf("# difference: %s\n", what);
	printf("#   after '%s' (%s), %s\n", one->part.act->script,
	       entries_state_name(one->reached),
	       scene_line_text(&one->part.line, line));
	printf("#   the kernel says %s, S = %s\n", show_state(one->seen),
	       states_text(one->possible, states));
	show_bytes("frame", one->frame, one->length);
	printf("# repeat: %s --scene %s --family %d --seed %llu --only %zu\n",
	       diff->program_name, diff->scene->name, diff->family,
	       (unsigned long long)diff->seed, index + 1);
}

/*
 * `explain` has the table a second time: S is what it says for one of the
 * states (it does not tell a connection without an answer, which is not
 * expected, from one that opens now), or everything, which the program says of
 * translated connections.
 */
static bool is_explained(const struct state_diff *diff,
			 const struct one_case *one)
{
	unsigned int spare = diff->settings.may_expect ? CT_RELATED : 0;
	struct packet packet;
	enum wire_class class;
	struct header header;

	if (one->possible == WIRE_STATES_ALL)
		return true;
	if (!packet_from_frame(&packet, one->frame, one->length, NULL) ||
	    !view_packet(&packet, &class, &header))
		return false;
	for (int i = 0; i < CT_STATE_COUNT; i++) {
		unsigned int told =
			tracking_states(&diff->settings, class, &header,
					(enum ct_state)(1 << i));

		if (!(one->possible & ~told) &&
		    !(told & ~one->possible & ~spare))
			return true;
	}
	return false;
}

static void judge(struct state_diff *diff, size_t index)
{
	const struct one_case *one = &diff->cases[index];
	struct tally *tally =
		&diff->tallies[one->part.line.kind][one->possible];

	/* Connection tracking discards a packet when it cannot reopen. */
	if (!one->seen) {
		diff->unseen++;
		return;
	}
	tally->total++;
	for (int i = 0; i < WIRE_STATE_COUNT; i++)
		tally->count[i] += !!(one->seen & 1u << i);
	if (one->seen & ~one->possible)
		report(diff, index, "the kernel's state is not in S");
	else if (!is_explained(diff, one))
		report(diff, index, "explain knows no such S");
}

static void print_tallies(const struct state_diff *diff)
{
	static const char *const kinds[] = { "tcp", "udp", "icmp",
					     "icmp errors" };
	char states[64];

	for (size_t kind = 0; kind < ARRAY_SIZE(kinds); kind++) {
		for (unsigned int s = 0; s <= WIRE_STATES_ALL; s++) {
			const struct tally *tally = &diff->tallies[kind][s];

			if (!tally->total)
				continue;
			printf("# %s, S = %s:", kinds[kind],
			       states_text(s, states));
			for (int i = 0; i < WIRE_STATE_COUNT; i++)
				if (tally->count[i])
					printf(" %zu %s", tally->count[i],
					       show_state(1u << i));
			printf("\n");
		}
	}
}

/* Some cases at once: the kernel bounds how many connections are expected. */
static int do_chunk(struct state_diff *diff, struct err *err)
{
	int ret = begin_cases(diff, err);

	if (!ret && diff->scene->pause)
		sleep(diff->scene->pause);
	if (!ret)
		ret = ask_cases(diff, err);
	if (!ret)
		ret = send_cases(diff, err);
	if (ret)
		return ret;
	for_each_case(diff, i) judge(diff, i);
	return 0;
}

static void use_zone(struct wire_settings *settings, struct wire_zone zone)
{
	for (int i = 0; i < 2; i++) {
		settings->zone_count[i] = 1;
		settings->zones[i][0] = zone;
	}
}

static int run(struct state_diff *diff, struct err *err)
{
	const struct scene *scene = diff->scene;
	size_t chunk = scene->pause ? CASES_MAX : CHUNK;
	int ret;

	diff->cases = calloc(CASES_MAX, sizeof(*diff->cases));
	if (!diff->cases)
		return err_no_memory(err);
	diff->settings = (struct wire_settings){
		.skip_device_check = 1,
		.has_lookup = 1,
		.may_expect = scene->helped != 0,
	};
	if (scene->zone.id)
		use_zone(&diff->settings, scene->zone);
	scene_play(scene, diff->family, add_case, diff);
	ret = theatre_make(diff->family, scene->setup, &diff->theatre, err);
	if (!ret)
		ret = asker_make(diff->family, &diff->settings, &diff->asker,
				 err);
	for (size_t i = 0; i < diff->count && !ret; i += chunk) {
		diff->first = i;
		diff->end = i + chunk < diff->count ? i + chunk : diff->count;
		if (next_case(diff, i) < diff->end)
			ret = do_chunk(diff, err);
	}
	if (ret)
		return ret;
	print_tallies(diff);
	printf("# %zu packets, %zu discarded by connection tracking, %zu "
	       "after something else than meant\n",
	       diff->only ? 1 : diff->count, diff->unseen, diff->unreached);
	return 0;
}

static void usage(const char *program)
{
	fprintf(stderr,
		"usage: %s [--scene NAME] [--family 4|6] [--seed N] "
		"[--only N]\n"
		"       %s --list\n",
		program, program);
	exit(1);
}

static void list_scenes(void)
{
	for (size_t i = 0; scene_at(i); i++)
		printf("%s\n", scene_at(i)->name);
	exit(0);
}

static void parse_args(struct state_diff *diff, int argc, char **argv)
{
	static const struct option options[] = {
		{ "scene", required_argument, NULL, 's' },
		{ "family", required_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 'r' },
		{ "only", required_argument, NULL, 'o' },
		{ "list", no_argument, NULL, 'l' },
		{ 0 },
	};
	int option;

	*diff = (struct state_diff){
		.program_name = argv[0],
		.scene = scene_at(0),
		.seed = (uint64_t)time(NULL),
		.family = FAMILY_IPV4,
	};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			diff->scene = scene_find(optarg);
		else if (option == 'f')
			diff->family =
				strcmp(optarg, "6") ? FAMILY_IPV4 : FAMILY_IPV6;
		else if (option == 'r')
			diff->seed = strtoull(optarg, NULL, 0);
		else if (option == 'o')
			diff->only = strtoull(optarg, NULL, 0);
		else if (option == 'l')
			list_scenes();
		else
			usage(argv[0]);
		if (!diff->scene)
			usage(argv[0]);
	}
}

int main(int argc, char **argv)
{
	static struct state_diff diff;
	struct kernel_features features;
	struct err err;
	bool is_right;

	/* A runner that is killed takes its tests along. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	parse_args(&diff, argc, argv);
	kernel_features_probe(&features);
	if (geteuid() != 0 || !features.has_conntrack) {
		printf("SKIP - " SENTENCE ": %s, IPv%d: needs %s\n",
		       diff.scene->name, diff.family,
		       geteuid() ? "root" : "bpf_xdp_ct_lookup()");
		return 0;
	}
	if (run(&diff, &err)) {
		printf("not ok - the scene '%s' was played to its end: %s\n",
		       diff.scene->name, err.text);
		return 1;
	}
	is_right = !diff.differences && !diff.unreached;
	printf("%sok - " SENTENCE ": %s, IPv%d (seed %llu)\n",
	       is_right ? "" : "not ", diff.scene->name, diff.family,
	       (unsigned long long)diff.seed);
	asker_free(&diff.asker);
	free(diff.cases);
	return is_right ? 0 : 1;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs of cards against rules/eval, run by the host's own kernel: what such
 * a program drops, eval drops in every state that the packet may be in, in
 * INPUT or FORWARD as routing would have it, and in everything that the host
 * may make of the packet; and the program drops what offload/judge says.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "bpf/load.h"
#include "offload/card.h"
#include "offload/judge.h"
#include "rules/read.h"
#include "tests/lib/args.h"
#include "tests/lib/gen_rules.h"
#include "tests/lib/judge.h"
#include "tests/lib/on_card.h"
#include "tests/lib/show.h"
#include "tests/lib/topology.h"

struct card_diff {
	struct args args;
	const char *name;
	size_t index;
	struct random rnd;
	struct buf text;
	struct on_card card;
	struct ruleset *ruleset;
	struct gen_packets *gen;
	struct plan *plan;
	struct loaded *loaded;
	size_t packets, drops, differences, idle;
};

struct probe {
	struct frame_spec spec;
	uint8_t frame[FRAME_MAX];
	size_t length;
	bool is_packet; /* the host would show it to netfilter */
	struct packet packet;
};

static void report(struct card_diff *diff, const struct probe *probe,
		   const char *what)
{
	diff->differences++;
	printf("# difference: %s (SYN are new: %s)\n", what,
	       diff->plan->wishes.syn_is_new ? "yes" : "no");
	show_lines("rules", buf_text(&diff->text));
	show_bytes("frame", probe->frame, probe->length);
	args_print_repeat(&diff->args, diff->name, diff->index);
	fflush(stdout);
}

/* The program's verdict (XDP_*), or -errno. */
static int run_program(const struct card_diff *diff, const struct probe *probe,
		       struct err *err)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = probe->frame,
		    .data_size_in = (uint32_t)probe->length, .repeat = 1);

	if (bpf_prog_test_run_opts(diff->loaded->prog_fd, &opts))
		return err_system(err, errno, "BPF_PROG_TEST_RUN");
	return (int)opts.retval;
}

static unsigned int states_of(const struct card_diff *diff,
			      const struct packet *packet)
{
	enum wire_class class;
	struct header header;

	if (!view_packet(packet, &class, &header))
		return CT_ALL;
	return card_states(&diff->plan->card->settings, class, &header);
}

static worlds_t host_drops(const struct card_diff *diff,
			   const struct packet *packet, worlds_t asked)
{
	return diff->plan->wishes.log_sample
		       ? oracle_drops_or_logs(diff->ruleset, packet, asked)
		       : oracle_drops(diff->ruleset, packet, asked, false);
}

/* All that it drops, the host drops, in whatever shape it sees the packet. */
static bool check_drop(struct card_diff *diff, const struct probe *probe)
{
	uint8_t other[FRAME_MAX];
	struct packet packet;
	size_t length;
	worlds_t asked;

	if (!probe->is_packet) {
		report(diff, probe, "the program drops what is no packet");
		return false;
	}
	asked = judge_worlds(&probe->packet, states_of(diff, &probe->packet));
	if (host_drops(diff, &probe->packet, asked) != asked) {
		report(diff, probe, "the program drops, eval does not");
		return false;
	}
	length = oracle_become(diff->gen, &diff->rnd, &probe->spec, other);
	if (!length ||
	    !packet_from_frame(&packet, other, length, topology_mac) ||
	    host_drops(diff, &packet, asked) == asked)
		return true;
	show_bytes("the frame below may become", other, length);
	report(diff, probe, "the program drops, eval may not");
	return false;
}

/* Returns 1 to go on, 0 after a difference, -errno. */
static int do_packet(struct card_diff *diff, struct err *err)
{
	struct judgement judged = { 0 };
	struct probe probe;
	int verdict;

	gen_packets_next(diff->gen, &diff->rnd, &probe.spec);
	probe.length = frame_write(&probe.spec, probe.frame);
	probe.is_packet = packet_from_frame(&probe.packet, probe.frame,
					    probe.length, topology_mac);
	verdict = run_program(diff, &probe, err);
	if (verdict < 0)
		return verdict;
	diff->packets++;
	diff->drops += verdict == XDP_DROP;
	if (verdict == XDP_DROP && !check_drop(diff, &probe))
		return 0;
	if (probe.is_packet)
		judge_on_card(diff->plan, &probe.packet, HOOK_INPUT, &judged);
	if (judged.is_drop == (verdict == XDP_DROP))
		return 1;
	/* One of those that go up. */
	if (judged.is_drop && judged.why == JUDGE_SAMPLED)
		return 1;
	report(diff, &probe, "the program and offload/judge differ");
	return 0;
}

static int make_plan(struct card_diff *diff, struct err *err)
{
	struct plan_input *input = &diff->card.input;

	on_card_init(&diff->card);
	if (diff->args.family == FAMILY_IPV4)
		input->policy.ipv4 = diff->ruleset;
	else
		input->policy.ipv6 = diff->ruleset;
	input->wishes.syn_is_new = random_chance(&diff->rnd, 50);
	input->wishes.log_sample = random_chance(&diff->rnd, 30) ? 1 : 0;
	if (random_chance(&diff->rnd, 20))
		input->locals = NULL;
	return plan_make(input, &diff->plan, err);
}

/* 1: the card has nothing to do. */
static int begin_ruleset(struct card_diff *diff, struct err *err)
{
	static const uint8_t digest[32];
	const struct load_options load = { .is_card = true, .digest = digest };
	struct gen_rules_options options = { .family = diff->args.family };
	const struct gen_packets_options packets = { 0 };
	int result;

	diff->rnd = random_make(diff->args.seed, diff->index);
	options.is_exact = random_chance(&diff->rnd, 60);
	options.has_unknown =
		!options.is_exact && random_chance(&diff->rnd, 20);
	gen_rules_make(&diff->text, &diff->rnd, &options, diff->index);
	result = read_rules(buf_text(&diff->text), diff->text.length, "random",
			    diff->args.family, &diff->ruleset, NULL, err);
	if (result)
		return result;
	diff->gen = gen_packets_make(diff->ruleset, &packets);
	if (!diff->gen)
		return err_no_memory(err);
	result = make_plan(diff, err);
	if (result)
		return result;
	if (!diff->plan->card || !diff->plan->card->can_drop)
		return 1;
	return load_program(diff->plan->card, &load, &diff->loaded, err);
}

static void forget_ruleset(struct card_diff *diff)
{
	loaded_free(take(diff->loaded));
	plan_free(take(diff->plan));
	gen_packets_free(take(diff->gen));
	ruleset_free(take(diff->ruleset));
	buf_free(&diff->text);
	diff->text = BUF_INIT;
}

static int do_ruleset(struct card_diff *diff, struct err *err)
{
	int result;

	forget_ruleset(diff);
	result = begin_ruleset(diff, err);
	diff->idle += result == 1;
	if (result)
		return result == 1 ? 0 : result;
	for (size_t i = 0; i < diff->args.packets; i++) {
		result = do_packet(diff, err);
		if (result <= 0)
			return result;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static struct card_diff diff;
	struct err err;
	int result = 0;
	size_t done = 0;

	args_parse(argc, argv, &diff.args);
	diff.name = argv[0];
	for (; !result && args_goes_on(&diff.args, done); done++) {
		diff.index = diff.args.first + done;
		result = do_ruleset(&diff, &err);
	}
	printf("# %zu rulesets (%zu without a drop on the card), %zu packets, "
	       "%zu dropped\n",
	       done, diff.idle, diff.packets, diff.drops);
	if (result) {
		show_lines("rules", buf_text(&diff.text));
		args_print_repeat(&diff.args, argv[0], diff.index);
		printf("# %s\n", err.text);
	}
	printf("%sok - IPv%d programs of cards drop what eval drops (seed "
	       "%llu)\n",
	       result || diff.differences ? "not " : "", diff.args.family,
	       (unsigned long long)diff.args.seed);
	forget_ruleset(&diff);
	return result || diff.differences ? 1 : 0;
}

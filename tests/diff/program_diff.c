// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs against rules/eval: what a program drops, eval drops in every state
 * and in everything that the host may make of the packet; and the program drops
 * what the region says, where no stated exception applies.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>

#include "bpf/load.h"
#include "offload/tracking.h"
#include "rules/bind.h"
#include "rules/read.h"
#include "tests/lib/args.h"
#include "tests/lib/gen_rules.h"
#include "tests/lib/gen_sets.h"
#include "tests/lib/judge.h"
#include "tests/lib/netns.h"
#include "tests/lib/show.h"
#include "tests/lib/topology.h"

struct program_diff {
	struct args args;
	const char *program_name;
	uint32_t ifindex;
	bool has_conntrack; /* this kernel lets programs ask */
	size_t index;
	struct random rnd;
	struct buf text;
	struct gen_sets sets; /* of some rulesets */
	struct ruleset *ruleset;
	struct gen_packets *gen;
	struct flat *flats[WIRE_CLASS_COUNT];
	struct program *program;
	struct loaded *loaded;
	size_t packets, drops, differences, idle;
};

/* The address that frames must be for; any, where the operator vouches that
 * nobody else takes them. */
static const uint8_t *own_mac(const struct program_diff *diff)
{
	return diff->program->settings.skip_device_check ? NULL : topology_mac;
}

/* One packet and all that is known of it. */
struct probe {
	struct frame_spec spec;
	uint8_t frame[FRAME_MAX];
	size_t length;
	bool is_packet; /* the host would show it to netfilter */
	struct packet packet;
};

static void report(struct program_diff *diff, const struct probe *probe,
		   const char *what)
{
	diff->differences++;
	printf("# difference: %s (device check %s, state lookup %s)\n", what,
	       diff->program->settings.skip_device_check ? "off" : "on",
	       diff->program->settings.has_lookup ? "on" : "off");
	show_lines("sets", buf_text(&diff->sets.text));
	show_lines("rules", buf_text(&diff->text));
	show_bytes("frame", probe->frame, probe->length);
	args_print_repeat(&diff->args, diff->program_name, diff->index);
	fflush(stdout);
}

/* The program's verdict (XDP_*), or -errno. */
static int run_program(struct program_diff *diff, const struct probe *probe,
		       struct err *err)
{
	struct xdp_md ctx = {
		.data_end = (uint32_t)probe->length,
		.ingress_ifindex = diff->ifindex,
	};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = probe->frame,
		    .data_size_in = (uint32_t)probe->length, .ctx_in = &ctx,
		    .ctx_size_in = sizeof(ctx), .repeat = 1);

	if (bpf_prog_test_run_opts(diff->loaded->prog_fd, &opts))
		return err_system(err, errno, "BPF_PROG_TEST_RUN");
	return (int)opts.retval;
}

/*
 * The states that the program takes the packet to be in: here no packet is of a
 * known connection. What it cannot take apart may be in any.
 */
static unsigned int states_of(const struct program_diff *diff,
			      const struct packet *packet)
{
	enum wire_class class;
	struct header header;

	if (!view_packet(packet, &class, &header))
		return CT_ALL;
	return tracking_states(&diff->program->settings, class, &header,
			       CT_NEW);
}

/* Does the host drop the packet in these worlds, and tell nobody of it, unless
 * log lines are given up? */
static bool drops_all(const struct program_diff *diff,
		      const struct packet *packet, worlds_t asked)
{
	worlds_t drops =
		diff->program->settings.log_rate
			? oracle_drops_or_logs(diff->ruleset, packet, asked)
			: oracle_drops(diff->ruleset, packet, asked, false);

	return drops == asked;
}

/*
 * Nothing here routes groups, as the program sees for itself: they meet INPUT.
 * In IPv6 their route may be gone, and the host alone is sent them.
 */
static worlds_t worlds_of(const struct program_diff *diff,
			  const struct packet *packet)
{
	unsigned int states = states_of(diff, packet);

	if (packet->family == FAMILY_IPV4
		    ? packet_daddr(packet) >> 28 == 0xe
		    : packet_daddr(packet) >> 120 == 0xff &&
			      packet->pkt_type != PACKET_HOST)
		return WORLDS(STAGE_INPUT, states);
	return judge_worlds(packet, states);
}

/* All that it drops, the host drops, in whatever shape it sees the packet. */
static bool check_drop(struct program_diff *diff, const struct probe *probe)
{
	uint8_t other[FRAME_MAX];
	struct packet packet;
	size_t length;
	worlds_t asked;

	if (!probe->is_packet) {
		report(diff, probe, "the program drops what is no packet");
		return false;
	}
	asked = worlds_of(diff, &probe->packet);
	if (!drops_all(diff, &probe->packet, asked)) {
		report(diff, probe, "the program drops, eval does not");
		return false;
	}
	length = oracle_become(diff->gen, &diff->rnd, &probe->spec, other);
	if (!length ||
	    !packet_from_frame(&packet, other, length, own_mac(diff)))
		return true;
	if (drops_all(diff, &packet, asked))
		return true;
	show_bytes("the frame below may become", other, length);
	report(diff, probe, "the program drops, eval may not");
	return false;
}

/* ICMP of the other family: sets would be asked what nobody took apart. */
static bool is_foreign_icmp(enum wire_class class, const struct header *header)
{
	return header->fields[FIELD_PROTO] ==
	       (class == WIRE_IPV6 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

/* What the plan claims is dropped. */
static bool check_pass(struct program_diff *diff, const struct probe *probe)
{
	const struct region *region;
	enum wire_class class;
	struct header header;

	if (!probe->is_packet ||
	    !view_packet(&probe->packet, &class, &header) ||
	    (diff->sets.sets && is_foreign_icmp(class, &header)))
		return true;
	bind_answers(diff->ruleset, &probe->packet, &header);
	region = flat_find(diff->flats[class], &header);
	if ((size_t)(region - diff->flats[class]->regions) >=
		    diff->program->kept[class] ||
	    !judge_must_drop(&probe->packet, class, &header,
			     states_of(diff, &probe->packet), region))
		return true;
	report(diff, probe, "the region drops, the program does not");
	return false;
}

/* Returns 1 to go on, 0 after a difference, -errno. */
static int do_packet(struct program_diff *diff, struct err *err)
{
	struct probe probe;
	int verdict;

	gen_packets_next(diff->gen, &diff->rnd, &probe.spec);
	probe.length = frame_write(&probe.spec, probe.frame);
	probe.is_packet = packet_from_frame(&probe.packet, probe.frame,
					    probe.length, own_mac(diff));
	verdict = run_program(diff, &probe, err);
	if (verdict < 0)
		return verdict;
	diff->packets++;
	diff->drops += verdict == XDP_DROP;
	if (verdict == XDP_DROP)
		return check_drop(diff, &probe);
	if (verdict == XDP_PASS)
		return check_pass(diff, &probe);
	report(diff, &probe, "a verdict other than XDP_PASS and XDP_DROP");
	return 0;
}

static int make_program(struct program_diff *diff, struct err *err)
{
	static const uint8_t digest[32];
	bool is_ipv4 = diff->args.family == FAMILY_IPV4;
	struct wire_settings settings = {
		.skip_device_check = random_chance(&diff->rnd, 50),
		/* Those of tests/lib/topology.h are. */
		.has_plain_routes = true,
		.log_rate = random_chance(&diff->rnd, 30) ? 1 : 0,
	};
	/* With the lookup, if this kernel has it, and without. */
	struct kernel_features kernel = {
		.has_conntrack =
			diff->has_conntrack && random_chance(&diff->rnd, 50),
	};
	struct plan_input input = { .kernel = &kernel };
	struct tracking tracking;

	tracking_decide(&input, &tracking);
	settings.has_lookup = tracking.has_lookup;
	settings.may_expect = tracking.may_expect;

	struct flatten_options options = {
		.iface = TOPOLOGY_IN,
		.state_sets = tracking.sets,
		.state_set_count = tracking.set_count,
		.state_protos = tracking.protos,
		.state_proto_count = ARRAY_SIZE(tracking.protos),
		.sample_logs = settings.log_rate > 0,
	};
	struct load_options load = { .digest = digest };
	int ret = flatten_make(diff->ruleset, &options,
			       &diff->flats[is_ipv4 ? WIRE_IPV4 : WIRE_IPV6],
			       err);

	options.is_fragment = true;
	if (!ret && is_ipv4)
		ret = flatten_make(diff->ruleset, &options,
				   &diff->flats[WIRE_FRAGMENT], err);
	if (!ret)
		ret = program_make((const struct flat *const *)diff->flats,
				   &settings, &target_software, &diff->program,
				   err);
	if (!ret &&
	    set_parts_make(diff->program->arena, is_ipv4 ? diff->ruleset : NULL,
			   is_ipv4 ? NULL : diff->ruleset,
			   &diff->program->sets))
		ret = err_no_memory(err);
	return ret ? ret
		   : load_program(diff->program, &load, &diff->loaded, err);
}

static int make_ruleset(struct program_diff *diff, struct err *err)
{
	struct gen_rules_options options = {
		.family = diff->args.family,
	};
	struct gen_packets_options packets = { 0 };
	int ret;

	diff->rnd = random_make(diff->args.seed, diff->index);
	options.is_exact = random_chance(&diff->rnd, 40);
	options.has_unknown =
		!options.is_exact && random_chance(&diff->rnd, 30);
	ret = random_chance(&diff->rnd, 30)
		      ? gen_sets_make(&diff->sets, &diff->rnd,
				      diff->args.family, err)
		      : 0;
	if (ret)
		return ret;
	options.set_seed = diff->sets.seed;
	if (diff->args.rules)
		buf_add(&diff->text, diff->args.rules);
	else
		gen_rules_make(&diff->text, &diff->rnd, &options, diff->index);
	ret = read_rules(buf_text(&diff->text), diff->text.length, "random",
			 diff->args.family, &diff->ruleset, NULL, err);
	if (ret)
		return ret;
	if (diff->sets.sets)
		bind_sets(diff->ruleset, diff->sets.sets);
	diff->gen = gen_packets_make(diff->ruleset, &packets);
	return diff->gen ? 0 : err_no_memory(err);
}

static void forget_ruleset(struct program_diff *diff)
{
	loaded_free(take(diff->loaded));
	program_free(take(diff->program));
	for (size_t i = 0; i < WIRE_CLASS_COUNT; i++)
		flat_free(take(diff->flats[i]));
	gen_packets_free(take(diff->gen));
	ruleset_free(take(diff->ruleset));
	gen_sets_free(&diff->sets);
	buf_free(&diff->text);
	diff->text = BUF_INIT;
}

static int do_ruleset(struct program_diff *diff, struct err *err)
{
	int ret;

	forget_ruleset(diff);
	ret = make_ruleset(diff, err);
	if (!ret)
		ret = make_program(diff, err);
	if (ret)
		return ret;
	diff->idle += !diff->program->can_drop;
	for (size_t i = 0; i < diff->args.packets; i++) {
		ret = do_packet(diff, err);
		if (ret <= 0)
			return ret;
	}
	return 0;
}

static int run(struct program_diff *diff, struct err *err)
{
	struct netns netns;
	size_t done = 0;
	int ret = netns_make(&netns, err);

	struct kernel_features kernel;

	kernel_features_probe(&kernel);
	diff->has_conntrack = kernel.has_conntrack;
	diff->ifindex = if_nametoindex(TOPOLOGY_IN);
	for (; !ret && args_goes_on(&diff->args, done); done++) {
		diff->index = diff->args.first + done;
		ret = do_ruleset(diff, err);
	}
	printf("# %zu rulesets (%zu without a drop), %zu packets, %zu "
	       "dropped\n",
	       done, diff->idle, diff->packets, diff->drops);
	return ret;
}

int main(int argc, char **argv)
{
	static struct program_diff diff;
	struct err err;
	int ret;

	args_parse(argc, argv, &diff.args);
	diff.program_name = argv[0];
	ret = run(&diff, &err);
	if (ret) {
		show_lines("rules", buf_text(&diff.text));
		args_print_repeat(&diff.args, argv[0], diff.index);
		printf("# %s\n", err.text);
	}
	printf("%sok - IPv%d programs drop what eval drops (seed %llu)\n",
	       ret || diff.differences ? "not " : "", diff.args.family,
	       (unsigned long long)diff.args.seed);
	forget_ruleset(&diff);
	return ret || diff.differences ? 1 : 0;
}

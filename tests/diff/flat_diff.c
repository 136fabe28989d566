// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flattening against rules/eval, without programs: what a region says is
 * dropped in a world, eval drops in that world.
 */
#include <string.h>

#include "rules/bind.h"
#include "rules/read.h"
#include "tests/lib/args.h"
#include "tests/lib/gen_rules.h"
#include "tests/lib/gen_sets.h"
#include "tests/lib/judge.h"
#include "tests/lib/oracle.h"
#include "tests/lib/show.h"
#include "tests/lib/topology.h"
#include "tests/lib/view.h"

/* Hand-picked rulesets, which are not exact, have numbers below this. */
#define PICKED_MAX 50

struct flat_diff {
	struct args args;
	const char *program;
	size_t index;
	bool is_exact;
	struct random rnd;
	struct buf text;
	struct gen_sets sets; /* of some rulesets */
	struct ruleset *ruleset;
	struct gen_packets *gen;
	struct flat *flats[WIRE_CLASS_COUNT];
	size_t asked, differences;
	size_t host_drops, flat_drops; /* worlds, of exact rulesets */
};

static void report(struct flat_diff *diff, const uint8_t *frame, size_t length,
		   const struct region *region, worlds_t wrong)
{
	const struct flat *flat = diff->flats[WIRE_IPV4]
					  ? diff->flats[WIRE_IPV4]
					  : diff->flats[WIRE_IPV6];

	diff->differences++;
	printf("# difference: the region drops in worlds 0x%04x, eval does "
	       "not in 0x%04x of them (%zu regions)\n",
	       region->drop, wrong, flat->region_count);
	show_lines("sets", buf_text(&diff->sets.text));
	show_lines("rules", buf_text(&diff->text));
	show_bytes("frame", frame, length);
	args_print_repeat(&diff->args, diff->program, diff->index);
}

/* A table nat without a rule translates nothing. */
static bool has_nat_rules(const struct ruleset *ruleset)
{
	const struct table *nat = ruleset_table(ruleset, TABLE_NAT);

	for (size_t c = 0; nat && c < nat->chain_count; c++) {
		if (nat->chains[c].rule_count)
			return true;
	}
	return false;
}

/*
 * Every packet may be untracked, as far as programs know: stages in which that
 * is not dropped drop nothing. What else they say there is about packets that
 * perhaps do not exist.
 */
static worlds_t useful(worlds_t drop)
{
	for (int stage = 0; stage < STAGE_COUNT; stage++) {
		if (!(drop & WORLDS(stage, CT_UNTRACKED)))
			drop &= ~WORLDS(stage, CT_ALL);
	}
	return drop;
}

/* The worlds that the region drops in, logged before or not, and eval not. */
static worlds_t find_wrong(const struct flat_diff *diff,
			   const struct region *region,
			   const struct packet *packet)
{
	worlds_t asked = judge_asked(packet);
	worlds_t drop = useful(region->drop) & asked;
	worlds_t all = useful(region->drop | region->logged) & asked;
	bool has_nat = has_nat_rules(diff->ruleset);

	return (drop & ~oracle_drops(diff->ruleset, packet, drop, has_nat)) |
	       (all & ~oracle_drops_or_logs(diff->ruleset, packet, all));
}

/* What is dropped is dropped; returns false after the first difference. */
static bool check_packet(struct flat_diff *diff, const struct frame_spec *spec)
{
	uint8_t frame[FRAME_MAX], other[FRAME_MAX];
	size_t length = frame_write(spec, frame), other_length;
	const struct region *region;
	enum wire_class class;
	struct packet packet;
	struct header header;
	worlds_t wrong;

	if (!packet_from_frame(&packet, frame, length, topology_mac) ||
	    !view_packet(&packet, &class, &header))
		return true;
	bind_answers(diff->ruleset, &packet, &header);
	diff->asked++;
	region = flat_find(diff->flats[class], &header);
	wrong = find_wrong(diff, region, &packet);
	if (wrong) {
		report(diff, frame, length, region, wrong);
		return false;
	}
	if (diff->is_exact && class != WIRE_FRAGMENT) {
		worlds_t host =
			oracle_drops(diff->ruleset, &packet, WORLDS_ALL, false);

		diff->host_drops += (size_t)__builtin_popcount(host);
		diff->flat_drops += (size_t)__builtin_popcount(region->drop);
	}
	other_length = oracle_become(diff->gen, &diff->rnd, spec, other);
	if (!other_length ||
	    !packet_from_frame(&packet, other, other_length, topology_mac))
		return true;
	wrong = find_wrong(diff, region, &packet);
	if (!wrong)
		return true;
	show_bytes("the frame below may become", other, other_length);
	report(diff, frame, length, region, wrong);
	return false;
}

static int make_flats(struct flat_diff *diff, struct err *err)
{
	static const uint8_t all_states[] = { CT_ALL };
	bool is_ipv4 = diff->args.family == FAMILY_IPV4;
	struct flatten_options options = {
		.iface = TOPOLOGY_IN,
		.state_sets = all_states,
		.state_set_count = 1,
		.sample_logs = random_chance(&diff->rnd, 50),
	};
	int ret = flatten_make(diff->ruleset, &options,
			       &diff->flats[is_ipv4 ? WIRE_IPV4 : WIRE_IPV6],
			       err);

	options.is_fragment = true;
	if (!ret && is_ipv4)
		ret = flatten_make(diff->ruleset, &options,
				   &diff->flats[WIRE_FRAGMENT], err);
	return ret;
}

static void forget_ruleset(struct flat_diff *diff)
{
	for (size_t i = 0; i < WIRE_CLASS_COUNT; i++)
		flat_free(take(diff->flats[i]));
	gen_packets_free(take(diff->gen));
	ruleset_free(take(diff->ruleset));
	gen_sets_free(&diff->sets);
	buf_free(&diff->text);
	diff->text = BUF_INIT;
}

static int make_ruleset(struct flat_diff *diff, struct err *err)
{
	struct gen_rules_options options = { .family = diff->args.family };
	struct gen_packets_options packets = { 0 };
	int ret;

	diff->rnd = random_make(diff->args.seed, diff->index);
	diff->is_exact =
		random_chance(&diff->rnd, 25) && diff->index >= PICKED_MAX;
	options.is_exact = diff->is_exact;
	options.has_unknown = !diff->is_exact && random_chance(&diff->rnd, 50);
	options.has_nat = !diff->is_exact && random_chance(&diff->rnd, 30);
	ret = random_chance(&diff->rnd, 30)
		      ? gen_sets_make(&diff->sets, &diff->rnd,
				      diff->args.family, err)
		      : 0;
	if (ret)
		return ret;
	options.set_seed = diff->sets.seed;
	gen_rules_make(&diff->text, &diff->rnd, &options, diff->index);
	ret = read_rules(buf_text(&diff->text), diff->text.length, "random",
			 diff->args.family, &diff->ruleset, NULL, err);
	if (ret)
		return ret;
	if (diff->sets.sets)
		bind_sets(diff->ruleset, diff->sets.sets);
	diff->gen = gen_packets_make(diff->ruleset, &packets);
	return diff->gen ? make_flats(diff, err) : err_no_memory(err);
}

static int do_ruleset(struct flat_diff *diff, struct err *err)
{
	struct frame_spec spec;
	int ret;

	forget_ruleset(diff);
	ret = make_ruleset(diff, err);
	for (size_t i = 0; i < diff->args.packets && !ret; i++) {
		gen_packets_next(diff->gen, &diff->rnd, &spec);
		if (!check_packet(diff, &spec))
			break;
	}
	return ret;
}

int main(int argc, char **argv)
{
	static struct flat_diff diff;
	struct err err;
	size_t done = 0;
	int ret = 0;

	args_parse(argc, argv, &diff.args);
	diff.program = argv[0];
	for (; !ret && args_goes_on(&diff.args, done); done++) {
		diff.index = diff.args.first + done;
		ret = do_ruleset(&diff, &err);
	}
	printf("# %zu rulesets, %zu packets; of exact rulesets %.1f %% of what "
	       "the host drops is in a region\n",
	       done, diff.asked,
	       diff.host_drops ? 100.0 * (double)diff.flat_drops /
					 (double)diff.host_drops
			       : 0.0);
	if (ret) {
		show_lines("rules", buf_text(&diff.text));
		args_print_repeat(&diff.args, argv[0], diff.index);
		printf("# %s\n", err.text);
	}
	printf("%sok - what IPv%d regions drop, eval drops (seed %llu)\n",
	       ret || diff.differences ? "not " : "", diff.args.family,
	       (unsigned long long)diff.args.seed);
	forget_ruleset(&diff);
	return ret || diff.differences ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Coverage of random rulesets: `random_coverage SEED COUNT`. For each the
 * share of the host's drops that die early (offload/measure.h), by log lines
 * sampled; then how many reach 80 %.
 */
#include <errno.h>
#include <stdio.h>

#include "offload/measure.h"
#include "rules/read.h"
#include "tests/lib/gen_rules.h"
#include "tests/lib/topology.h"

#define REASONS_MAX 64

struct reason_sum {
	const char *name;
	size_t packets;
};

struct sums {
	size_t rulesets, good;
	struct measure_share all;
	struct reason_sum reasons[REASONS_MAX];
	size_t reason_count;
};

static void add_reason(struct sums *sums, const struct measure_loss *loss)
{
	size_t i = 0;

	while (i < sums->reason_count && sums->reasons[i].name != loss->name)
		i++;
	if (i == REASONS_MAX)
		return;
	if (i == sums->reason_count)
		sums->reasons[sums->reason_count++].name = loss->name;
	sums->reasons[i].packets += loss->count;
}

static int by_packets(const void *a, const void *b)
{
	const struct reason_sum *x = a, *y = b;

	return x->packets > y->packets ? -1 : x->packets < y->packets;
}

static int add(struct sums *sums, const struct ruleset *ruleset,
	       struct err *err)
{
	struct plan_input input = {
		.iface = TOPOLOGY_IN,
		.wishes = { .max = TIER_HW, .log_sample = 10 },
	};
	struct measure_share share = { 0 };
	OWN(plan) struct plan *plan = NULL;
	struct measure measure;

	input.policy.ipv4 = ruleset->family == FAMILY_IPV4 ? ruleset : NULL;
	input.policy.ipv6 = ruleset->family == FAMILY_IPV6 ? ruleset : NULL;

	int ret = plan_make(&input, &plan, err);
	if (ret)
		return ret;
	if (measure_plan(plan, ruleset->family, MEASURE_SEED, &measure))
		return err_no_memory(err);
	for (int way = 0; way < MEASURE_WAY_COUNT; way++) {
		share.dropped += measure.ways[way].all.dropped;
		share.early += measure.ways[way].all.early;
		for (size_t i = 0; i < measure.ways[way].loss_count; i++)
			add_reason(sums, &measure.ways[way].losses[i]);
	}
	if (!share.dropped)
		return 0;
	sums->rulesets++;
	sums->good += measure_permille(&share) >= 800;
	sums->all.dropped += share.dropped;
	sums->all.early += share.early;
	return 0;
}

static int run(uint64_t seed, size_t count, enum family family,
	       struct sums *sums, struct err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < count; i++) {
		struct gen_rules_options options = { .family = family };
		struct random rnd = random_make(seed, i);
		OWN(ruleset) struct ruleset *ruleset = NULL;
		OWN_BUF struct buf text = BUF_INIT;

		options.has_unknown = random_chance(&rnd, 50);
		gen_rules_make(&text, &rnd, &options, i);
		ret = read_rules(buf_text(&text), text.length, "random", family,
				 &ruleset, NULL, err);
		if (!ret)
			ret = add(sums, ruleset, err);
	}
	return ret;
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	size_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 200;

	for (int family = FAMILY_IPV4; family <= FAMILY_IPV6; family += 2) {
		struct sums sums = { 0 };
		struct err err;

		if (run(seed, count, family, &sums, &err)) {
			fprintf(stderr, "random_coverage: %s\n", err.text);
			return 1;
		}
		printf("IPv%d, seed %llu: %zu random rulesets that drop, %zu "
		       "of them with 80 %% and more dropped early; %.1f %% of "
		       "all drops\n",
		       family, (unsigned long long)seed, sums.rulesets,
		       sums.good, measure_permille(&sums.all) / 10.0);
		qsort(sums.reasons, sums.reason_count, sizeof(*sums.reasons),
		      by_packets);
		for (size_t i = 0; i < sums.reason_count && i < 6; i++)
			printf("  %8zu %s\n", sums.reasons[i].packets,
			       sums.reasons[i].name);
	}
	return 0;
}

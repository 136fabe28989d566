// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "tests/lib/gen_matches.h"
#include "tests/lib/gen_rules.h"

/* Chains of one table: the built-in ones, then the rule's own. */
struct table_shape {
	const char *name;
	const char *const *base;
	size_t base_count;
	unsigned int user_count;
};

static const char *const raw_chains[] = { "PREROUTING" };
static const char *const mangle_chains[] = { "PREROUTING", "INPUT", "FORWARD" };
static const char *const nat_chains[] = { "PREROUTING" };
static const char *const filter_chains[] = { "INPUT", "FORWARD" };

static const char *choose_policy(struct random *rnd, const char *table)
{
	unsigned int drops = *table == 'f' ? 40 : *table == 'n' ? 20 : 5;

	return random_chance(rnd, drops) ? "DROP" : "ACCEPT";
}

static void add_unknown_target(struct buf *out, struct random *rnd,
			       const char *table)
{
	static const char *const anywhere[] = {
		" -j LOG",
		" -j MARK --set-xmark 0x1/0xffffffff",
		" -j NFLOG --nflog-group 7",
		"",
	};

	if (*table == 'f' && random_chance(rnd, 40))
		buf_add(out, " -j REJECT");
	else if (*table == 'm' && random_chance(rnd, 40))
		buf_add(out, " -j DSCP --set-dscp 0x04");
	else
		buf_add(out, random_pick(rnd, anywhere));
}

/* nat does not drop, it changes destinations. */
static void add_nat_target(struct buf *out, struct random *rnd,
			   enum family family)
{
	if (family == FAMILY_IPV4 && random_chance(rnd, 50))
		buf_add(out, " -j DNAT --to-destination 10.1.0.3:22");
	else
		buf_add(out, " -j REDIRECT");
}

/* User chains jump only to later ones: no loops. */
static void add_target(struct buf *out, struct random *rnd,
		       const struct gen_rules_options *options,
		       const struct table_shape *shape, unsigned int first_user)
{
	unsigned int callable = shape->user_count - first_user;
	unsigned int die = random_below(rnd, 100);

	if (options->has_unknown && die < 12)
		return add_unknown_target(out, rnd, shape->name);
	if (*shape->name == 'r' && !options->no_state && !options->is_exact &&
	    die < 25) {
		buf_add(out, " -j CT --notrack");
		return;
	}
	if (callable && die < 50) {
		buf_addf(out, " -%c U%u", random_chance(rnd, 30) ? 'g' : 'j',
			 first_user + random_below(rnd, callable));
		return;
	}
	if (die < 58)
		buf_add(out, " -j RETURN");
	else if (die < 78)
		buf_add(out, " -j ACCEPT");
	else if (*shape->name == 'n')
		add_nat_target(out, rnd, options->family);
	else
		buf_add(out, " -j DROP");
}

static void add_chain_rules(struct buf *out, struct random *rnd,
			    const struct gen_rules_options *options,
			    const struct table_shape *shape, const char *chain,
			    unsigned int first_user)
{
	unsigned int count = random_below(rnd, 6);

	for (unsigned int i = 0; i < count; i++) {
		buf_addf(out, "-A %s", chain);
		gen_matches_add(out, rnd, options, chain);
		add_target(out, rnd, options, shape, first_user);
		buf_add(out, "\n");
	}
}

static void add_table(struct buf *out, struct random *rnd,
		      const struct gen_rules_options *options,
		      const struct table_shape *shape)
{
	buf_addf(out, "*%s\n", shape->name);
	for (size_t i = 0; i < shape->base_count; i++)
		buf_addf(out, ":%s %s [0:0]\n", shape->base[i],
			 choose_policy(rnd, shape->name));
	for (unsigned int i = 0; i < shape->user_count; i++)
		buf_addf(out, ":U%u - [0:0]\n", i);
	for (size_t i = 0; i < shape->base_count; i++)
		add_chain_rules(out, rnd, options, shape, shape->base[i], 0);
	for (unsigned int i = 0; i < shape->user_count; i++) {
		char name[16];

		snprintf(name, sizeof(name), "U%u", i);
		add_chain_rules(out, rnd, options, shape, name, i + 1);
	}
	buf_add(out, "COMMIT\n");
}

static void add_tables(struct buf *out, struct random *rnd,
		       const struct gen_rules_options *options)
{
	struct table_shape shapes[] = {
		{ "raw", raw_chains, ARRAY_SIZE(raw_chains), 0 },
		{ "mangle", mangle_chains, ARRAY_SIZE(mangle_chains), 0 },
		{ "nat", nat_chains, ARRAY_SIZE(nat_chains), 0 },
		{ "filter", filter_chains, ARRAY_SIZE(filter_chains), 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		bool is_filter = i + 1 == ARRAY_SIZE(shapes);

		if (*shapes[i].name == 'n' && !options->has_nat)
			continue;
		shapes[i].user_count = random_below(rnd, 4);
		if (is_filter || random_chance(rnd, 35))
			add_table(out, rnd, options, &shapes[i]);
	}
}

/* The hand-picked one with that number; NULL when there is none, or when it is
 * about what @options leave out. */
static const char *find_picked(const struct gen_rules_options *options,
			       size_t index)
{
	const char *picked = NULL;

	for (size_t i = 0; i <= index; i++) {
		picked = gen_rules_picked(options->family, i);
		if (!picked)
			return NULL;
	}
	if (options->no_state && strstr(picked, "ctstate"))
		return NULL;
	return picked;
}

void gen_rules_make(struct buf *out, struct random *rnd,
		    const struct gen_rules_options *options, size_t index)
{
	const char *picked = find_picked(options, index);

	if (picked)
		buf_add(out, picked);
	else
		add_tables(out, rnd, options);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "base/num.h"
#include "tests/lib/gen_nested.h"

/* Chains of each level, and rules in each of them: 4760. */
static const struct {
	unsigned int chains, rules;
} levels[GEN_NESTED_LEVELS] = {
	{ 1, 20 }, { 20, 20 }, { 60, 15 }, { 120, 12 }, { 200, 10 },
};

static void add_name(struct buf *out, unsigned int level, unsigned int chain)
{
	if (level == 0)
		buf_add(out, "INPUT");
	else
		buf_addf(out, "L%u_%u", level, chain);
}

static void add_match(struct buf *out, struct random *rnd)
{
	unsigned int die = random_below(rnd, 10);

	if (die < 3)
		buf_addf(out, " -s %u.%u.0.0/16", 1 + random_below(rnd, 222),
			 random_below(rnd, 256));
	else if (die < 5)
		buf_addf(out, " -d %u.%u.%u.0/24", 1 + random_below(rnd, 222),
			 random_below(rnd, 256), random_below(rnd, 256));
	else
		buf_addf(out, " -p %s --dport %u",
			 die < 8 ? "tcp -m tcp" : "udp -m udp",
			 1 + random_below(rnd, 1023));
}

static void add_rule(struct buf *out, struct random *rnd, unsigned int level,
		     unsigned int chain, unsigned int jumps)
{
	static const char *const verdicts[] = { "DROP", "DROP", "ACCEPT",
						"RETURN" };

	buf_add(out, "-A ");
	add_name(out, level, chain);
	add_match(out, rnd);
	buf_add(out, " -j ");
	if (level + 1 < GEN_NESTED_LEVELS && random_chance(rnd, jumps))
		add_name(out, level + 1,
			 random_below(rnd, levels[level + 1].chains));
	else
		buf_add(out, random_pick(rnd, verdicts));
	buf_add(out, "\n");
}

void gen_nested_add(struct buf *out, struct random *rnd, unsigned int jumps)
{
	buf_add(out, "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n");
	for (unsigned int l = 1; l < GEN_NESTED_LEVELS; l++)
		for (unsigned int c = 0; c < levels[l].chains; c++)
			buf_addf(out, ":L%u_%u - [0:0]\n", l, c);
	for (unsigned int l = 0; l < GEN_NESTED_LEVELS; l++)
		for (unsigned int c = 0; c < levels[l].chains; c++)
			for (unsigned int r = 0; r < levels[l].rules; r++)
				add_rule(out, rnd, l, c, jumps);
	buf_add(out, "COMMIT\n");
}

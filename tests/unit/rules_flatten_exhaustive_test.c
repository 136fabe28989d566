// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flattening against brute force: every filter table with up to three rules in
 * INPUT and two user chains over a small alphabet, and a part of those with
 * four (all of them with WIREWALL_EXHAUSTIVE=1, some minutes; another part with
 * WIREWALL_EXHAUSTIVE_AT=1 to 60, as `make soak` does). The brute force
 * is a machine like ipt_do_table(): a program counter and a stack.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "rules/flatten.h"
#include "rules/read.h"

#define RULES_MAX  4
#define CHAINS	   3
#define VISITS_MAX 20
/* Of the tables with four rules one in so many is tried; a prime. */
#define STRIDE 61

enum symbol {
	SYMBOL_ACCEPT,
	SYMBOL_DROP,
	SYMBOL_RETURN,
	SYMBOL_LOG,
	/* Jumps and gotos to a chain further down. */
	SYMBOL_JUMP,
	SYMBOL_GOTO,
	SYMBOL_JUMP_FAR,
	SYMBOL_GOTO_FAR,
};

enum ask {
	ASK_NOTHING,
	ASK_HEADER,  /* -s 10.0.0.1 */
	ASK_UNKNOWN, /* -m string */
	ASK_COUNT,
};

struct tiny_rule {
	enum ask ask;
	enum symbol symbol;
};

struct tiny_table {
	bool is_policy_drop;
	unsigned int counts[CHAINS];
	struct tiny_rule rules[CHAINS][RULES_MAX];
};

static const char *const chain_names[CHAINS] = { "INPUT", "A", "B" };

/* INPUT may enter A and B, A only B, B nothing: no loops. */
static unsigned int symbol_count(unsigned int chain)
{
	static const unsigned int counts[CHAINS] = { SYMBOL_GOTO_FAR + 1,
						     SYMBOL_GOTO + 1,
						     SYMBOL_LOG + 1 };

	return counts[chain];
}

static unsigned int symbol_target(unsigned int chain, enum symbol symbol)
{
	return chain + (symbol >= SYMBOL_JUMP_FAR ? 2 : 1);
}

/* One run of the machine; @choices answers the unknown matches in order. */
struct run {
	const struct tiny_table *table;
	bool has_header;
	unsigned int choices, used;
	bool has_effect;
};

static bool run_asks(struct run *run, enum ask ask)
{
	switch (ask) {
	case ASK_NOTHING:
	case ASK_COUNT:
		return true;
	case ASK_HEADER:
		return run->has_header;
	case ASK_UNKNOWN:
		assert_true(run->used < VISITS_MAX);
		return run->choices >> run->used++ & 1;
	}
	return false;
}

/* Returns whether the packet is dropped. */
static bool run_table(struct run *run)
{
	struct {
		unsigned int chain, next;
	} stack[CHAINS];
	unsigned int depth = 0, chain = 0, next = 0;

	for (;;) {
		const struct tiny_rule *rule = NULL;

		if (next < run->table->counts[chain]) {
			rule = &run->table->rules[chain][next++];
			if (!run_asks(run, rule->ask))
				continue;
		}
		if (!rule || rule->symbol == SYMBOL_RETURN) {
			if (!depth)
				return run->table->is_policy_drop;
			chain = stack[--depth].chain;
			next = stack[depth].next;
			continue;
		}
		switch (rule->symbol) {
		case SYMBOL_ACCEPT:
			return false;
		case SYMBOL_DROP:
			return true;
		case SYMBOL_LOG:
			run->has_effect = true;
			break;
		case SYMBOL_JUMP:
		case SYMBOL_JUMP_FAR:
			stack[depth].chain = chain;
			stack[depth++].next = next;
			chain = symbol_target(chain, rule->symbol);
			next = 0;
			/* Some packets, to nothing: they are counted. */
			run->has_effect |= rule->ask != ASK_NOTHING &&
					   !run->table->counts[chain];
			break;
		case SYMBOL_GOTO:
		case SYMBOL_GOTO_FAR:
			chain = symbol_target(chain, rule->symbol);
			next = 0;
			break;
		case SYMBOL_RETURN:
			break;
		}
	}
}

/* Dropped, without effect, whatever the unknown matches answer? */
static bool is_surely_dropped(const struct tiny_table *table, bool has_header)
{
	unsigned int choices = 0;

	for (;;) {
		struct run run = {
			.table = table,
			.has_header = has_header,
			.choices = choices,
		};
		bool is_dropped = run_table(&run);
		unsigned int rest;

		if (!is_dropped || run.has_effect)
			return false;
		/* The next path: the last answer that was no becomes yes. */
		rest = run.used;
		choices &= (1u << rest) - 1;
		while (rest && choices >> (rest - 1) & 1)
			choices &= ~(1u << --rest);
		if (!rest)
			return true;
		choices |= 1u << (rest - 1);
	}
}

static void print_rule_text(struct buf *out, unsigned int chain,
			    const struct tiny_rule *rule)
{
	static const char *const asks[] = { "", " -s 10.0.0.1/32",
					    " -m string --string x --algo bm" };
	static const char *const verdicts[] = { "ACCEPT", "DROP", "RETURN",
						"LOG" };

	buf_addf(out, "-A %s%s", chain_names[chain], asks[rule->ask]);
	if (rule->symbol <= SYMBOL_LOG)
		buf_addf(out, " -j %s\n", verdicts[rule->symbol]);
	else
		buf_addf(out, " -%c %s\n",
			 (rule->symbol - SYMBOL_JUMP) % 2 ? 'g' : 'j',
			 chain_names[symbol_target(chain, rule->symbol)]);
}

static void print_table(struct buf *out, const struct tiny_table *table)
{
	buf_addf(out, "*filter\n:INPUT %s [0:0]\n:A - [0:0]\n:B - [0:0]\n",
		 table->is_policy_drop ? "DROP" : "ACCEPT");
	for (unsigned int chain = 0; chain < CHAINS; chain++)
		for (unsigned int i = 0; i < table->counts[chain]; i++)
			print_rule_text(out, chain, &table->rules[chain][i]);
	buf_add(out, "COMMIT\n");
}

static void check_header(const struct tiny_table *table, const char *text,
			 const struct flat *flat, bool has_header)
{
	struct header header = { 0 };
	bool is_dropped;
	bool expected = is_surely_dropped(table, has_header);

	header.fields[FIELD_SADDR] = has_header ? 0x0a000001 : 0x0a000002;
	is_dropped = worlds_states(flat_find(flat, &header)->drop,
				   STAGE_INPUT) == CT_ALL;
	if (is_dropped != expected)
		fail_msg("a packet %s 10.0.0.1 is %s dropped here, the region "
			 "says it is%s:\n%s",
			 has_header ? "from" : "not from",
			 expected ? "surely" : "not surely",
			 is_dropped ? "" : " not", text);
}

static void check_table(const struct tiny_table *table)
{
	static const uint8_t all_states[] = { CT_ALL };
	struct flatten_options options = {
		.iface = "eth0",
		.state_sets = all_states,
		.state_set_count = 1,
	};
	OWN(ruleset) struct ruleset *ruleset = NULL;
	OWN(flat) struct flat *flat = NULL;
	OWN_BUF struct buf text = BUF_INIT;
	struct err err;

	print_table(&text, table);
	if (read_rules(buf_text(&text), text.length, "tiny", FAMILY_IPV4,
		       &ruleset, NULL, &err) ||
	    flatten_make(ruleset, &options, &flat, &err))
		fail_msg("%s\n%s", err.text, buf_text(&text));
	check_header(table, buf_text(&text), flat, true);
	check_header(table, buf_text(&text), flat, false);
}

/* The table number @index of those with these counts; false: there is none. */
static bool decode_table(struct tiny_table *table, size_t index)
{
	table->is_policy_drop = index & 1;
	index >>= 1;
	for (unsigned int chain = 0; chain < CHAINS; chain++) {
		for (unsigned int i = 0; i < table->counts[chain]; i++) {
			struct tiny_rule *rule = &table->rules[chain][i];

			rule->ask = index % ASK_COUNT;
			index /= ASK_COUNT;
			rule->symbol = index % symbol_count(chain);
			index /= symbol_count(chain);
		}
	}
	return index == 0;
}

static void check_sizes(unsigned int total, size_t first, size_t stride)
{
	for (unsigned int in_a = 0; in_a < total; in_a++) {
		for (unsigned int in_b = 0; in_a + in_b < total; in_b++) {
			struct tiny_table table = {
				.counts = { total - in_a - in_b, in_a, in_b },
			};

			for (size_t i = first; decode_table(&table, i);
			     i += stride)
				check_table(&table);
		}
	}
}

static void every_table_of_three_rules_drops_as_brute_force_says(void **state)
{
	(void)state;
	for (unsigned int total = 1; total <= 3; total++)
		check_sizes(total, 0, 1);
}

static void tables_of_four_rules_drop_as_brute_force_says(void **state)
{
	const char *at = getenv("WIREWALL_EXHAUSTIVE_AT");

	(void)state;
	if (getenv("WIREWALL_EXHAUSTIVE"))
		check_sizes(4, 0, 1);
	else
		check_sizes(4, at ? strtoul(at, NULL, 10) % STRIDE : 0, STRIDE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_table_of_three_rules_drops_as_brute_force_says),
		cmocka_unit_test(tables_of_four_rules_drop_as_brute_force_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "rules/block.h"
#include "rules/ipset_draft.h"
#include "rules/ipset_element.h"
#include "rules/lex.h"

#define WORD_MAX 64 /* the longest prefix has 43 characters */

void block_list_free(struct block_list *list)
{
	if (!list)
		return;
	arena_free(list->arena);
	free(list);
}

static bool is_end(char c)
{
	return c == ' ' || c == '\t' || c == ';' || c == '#' || c == ',';
}

/* The first word of a line: false for one that is empty or a comment. */
static bool first_word(const struct line *line, char word[WORD_MAX])
{
	size_t from = 0, length = 0;

	while (from < line->length &&
	       (line->text[from] == ' ' || line->text[from] == '\t'))
		from++;
	while (from + length < line->length && length < WORD_MAX - 1 &&
	       !is_end(line->text[from + length]))
		length++;
	memcpy(word, line->text + from, length);
	word[length] = '\0';
	return length > 0;
}

static int add_word(struct ipset_draft *ipv4, struct ipset_draft *ipv6,
		    const char *word, struct err *err)
{
	bool is_ipv6 = strchr(word, ':');
	struct ipset_draft *draft = is_ipv6 ? ipv6 : ipv4;
	struct ipset_span span = { 0 };
	int result =
		ipset_element_addresses(word,
					is_ipv6 ? FAMILY_IPV6 : FAMILY_IPV4,
					&span, err);

	if (result)
		return result;
	return ipset_draft_span(draft, &span) ? err_no_memory(err) : 0;
}

static int read_lines(const char *text, size_t length, const char *source,
		      struct ipset_draft *ipv4, struct ipset_draft *ipv6,
		      struct err *err)
{
	const char *at = text, *end = text + length;
	struct line line = { 0 };
	char word[WORD_MAX];

	while (lex_line(&at, end, &line)) {
		int result = 0;

		if (first_word(&line, word))
			result = add_word(ipv4, ipv6, word, err);
		if (result == -EINVAL)
			err_where(err, "%s: line %u", source, line.number);
		if (result)
			return result;
	}
	return 0;
}

static struct ipset *make_set(struct arena *arena, enum family family)
{
	struct ipset *set = arena_alloc(arena, sizeof(*set));

	if (set)
		*set = (struct ipset){ .name = BLOCK_NAME,
				       .type_name = "hash:net",
				       .type = IPSET_HASH_NET,
				       .family = family };
	return set;
}

#define OWN_IPSET_DRAFT __attribute__((cleanup(ipset_draft_free)))

int block_read(const char *text, size_t length, const char *source,
	       struct block_list **out, struct err *err)
{
	OWN(block_list) struct block_list *list = calloc(1, sizeof(*list));
	OWN_IPSET_DRAFT struct ipset_draft ipv4 = { 0 };
	OWN_IPSET_DRAFT struct ipset_draft ipv6 = { 0 };

	if (!list || !(list->arena = arena_make()))
		return err_no_memory(err);
	ipv4.set = list->ipv4 = make_set(list->arena, FAMILY_IPV4);
	ipv6.set = list->ipv6 = make_set(list->arena, FAMILY_IPV6);
	if (!list->ipv4 || !list->ipv6)
		return err_no_memory(err);

	int result = read_lines(text, length, source, &ipv4, &ipv6, err);
	if (result)
		return result;
	if (ipset_draft_finish(&ipv4, list->arena) ||
	    ipset_draft_finish(&ipv6, list->arena))
		return err_no_memory(err);
	*out = take(list);
	return 0;
}

/* A copy of @count elements with room for one more, at its end. */
static void *with_room(struct arena *arena, const void *items, size_t count,
		       size_t size)
{
	char *copy = arena_alloc(arena, (count + 1) * size);

	if (copy && count)
		memcpy(copy, items, count * size);
	return copy;
}

static struct table *find_raw(struct ruleset *ruleset)
{
	struct table *tables;

	for (size_t i = 0; i < ruleset->table_count; i++) {
		if (ruleset->tables[i].id == TABLE_RAW)
			return &ruleset->tables[i];
	}
	tables = with_room(ruleset->arena, ruleset->tables,
			   ruleset->table_count, sizeof(*tables));
	if (!tables)
		return NULL;
	tables[ruleset->table_count] =
		(struct table){ .name = "raw", .id = TABLE_RAW };
	ruleset->tables = tables;
	return &tables[ruleset->table_count++];
}

static struct chain *add_chain(struct ruleset *ruleset, struct table *table,
			       const struct chain *chain)
{
	struct chain *chains = with_room(ruleset->arena, table->chains,
					 table->chain_count, sizeof(*chains));

	if (!chains)
		return NULL;
	chains[table->chain_count] = *chain;
	table->chains = chains;
	return &chains[table->chain_count++];
}

static struct chain *find_prerouting(struct ruleset *ruleset,
				     struct table *table)
{
	static const struct chain prerouting = { .name = "PREROUTING",
						 .policy = POLICY_ACCEPT,
						 .policy_name = "ACCEPT" };

	for (size_t i = 0; i < table->chain_count; i++) {
		if (!strcmp(table->chains[i].name, prerouting.name))
			return &table->chains[i];
	}
	return add_chain(ruleset, table, &prerouting);
}

/* `-m set --match-set wirewall-block src -j DROP` */
static struct rule *make_drop(struct ruleset *ruleset, const struct ipset *set)
{
	static const char *const module[] = { "set" };
	static const char *const words[] = { BLOCK_NAME, "src" };
	static const struct set_dims dims = { .count = 1, .sources = 1 };
	const struct match matches[] = {
		{ .kind = MATCH_MODULE,
		  .option = "-m",
		  .words = module,
		  .word_count = 1,
		  .module = MODULE_SET },
		{ .kind = MATCH_SET,
		  .option = "--match-set",
		  .words = words,
		  .word_count = 2,
		  .set = { .dims = dims,
			   .index = bind_question(ruleset, set, &dims) } },
	};
	struct rule *rule = arena_alloc(ruleset->arena, sizeof(*rule));

	if (!rule)
		return NULL;
	*rule = (struct rule){
		.number = 1,
		.matches = arena_copy(ruleset->arena, matches, sizeof(matches)),
		.match_count = ARRAY_SIZE(matches),
		.target = { .kind = TARGET_DROP, .name = "DROP" },
	};
	return rule->matches ? rule : NULL;
}

/* Put a jump to the last chain of @table before the rules of @chain. */
static int jump_first(struct ruleset *ruleset, const struct table *table,
		      struct chain *chain)
{
	struct rule *rules = with_room(ruleset->arena, chain->rules,
				       chain->rule_count, sizeof(*rules));

	if (!rules)
		return -ENOMEM;
	memmove(rules + 1, rules, chain->rule_count * sizeof(*rules));
	rules[0] = (struct rule){
		.target = { .kind = TARGET_JUMP,
			    .name = BLOCK_NAME,
			    .chain = table->chain_count - 1 },
	};
	chain->rules = rules;
	chain->rule_count++;
	return 0;
}

/* In a chain of its own, so that other rules keep their numbers. */
int block_insert(struct ruleset *ruleset, const struct ipset *set)
{
	struct table *table = find_raw(ruleset);
	struct rule *drop = make_drop(ruleset, set);
	const struct chain own = { .name = BLOCK_NAME,
				   .policy_name = "-",
				   .rules = drop,
				   .rule_count = 1 };

	if (!table || !drop || !find_prerouting(ruleset, table) ||
	    !add_chain(ruleset, table, &own))
		return -ENOMEM;
	return jump_first(ruleset, table, find_prerouting(ruleset, table));
}

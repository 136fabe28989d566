// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/draft.h"

enum {
	IN_PREROUTING = 1 << 0,
	IN_INPUT = 1 << 1,
	IN_FORWARD = 1 << 2,
	IN_OUTPUT = 1 << 3,
	IN_POSTROUTING = 1 << 4,
};

static const char *const hook_names[] = {
	"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING",
};

static const struct {
	const char *name;
	enum table_id id;
	unsigned int hooks;
} tables[] = {
	{ "raw", TABLE_RAW, IN_PREROUTING | IN_OUTPUT },
	{ "mangle", TABLE_MANGLE,
	  IN_PREROUTING | IN_INPUT | IN_FORWARD | IN_OUTPUT | IN_POSTROUTING },
	{ "nat", TABLE_NAT,
	  IN_PREROUTING | IN_INPUT | IN_OUTPUT | IN_POSTROUTING },
	{ "filter", TABLE_FILTER, IN_INPUT | IN_FORWARD | IN_OUTPUT },
	{ "security", TABLE_SECURITY, IN_INPUT | IN_FORWARD | IN_OUTPUT },
};

void draft_begin(struct draft *draft, struct arena *arena, const char *name,
		 unsigned int line)
{
	*draft = (struct draft){
		.arena = arena,
		.table = { .name = name, .id = TABLE_OTHER, .line = line },
	};
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		if (!strcmp(tables[i].name, name))
			draft->table.id = tables[i].id;
	}
}

void draft_free(struct draft *draft)
{
	for (size_t i = 0; i < draft->count; i++)
		free(draft->chains[i].rules);
	free(draft->chains);
	free(draft->slots);
	*draft = (struct draft){ 0 };
}

bool draft_is_built_in(const struct draft *draft, const char *name)
{
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++) {
		if (tables[t].id != draft->table.id)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(hook_names); i++) {
			if (tables[t].hooks >> i & 1 &&
			    !strcmp(hook_names[i], name))
				return true;
		}
	}
	return false;
}

/* FNV-1a */
static uint32_t hash(const char *name)
{
	uint32_t value = 2166136261;

	while (*name)
		value = (value ^ (uint8_t)*name++) * 16777619;
	return value;
}

/* The slot of that name, or the empty one where it belongs. */
static uint32_t *find_slot(const struct draft *draft, const char *name)
{
	size_t at = hash(name) & (draft->slot_count - 1);

	while (draft->slots[at] &&
	       strcmp(draft->chains[draft->slots[at] - 1].chain.name, name))
		at = (at + 1) & (draft->slot_count - 1);
	return &draft->slots[at];
}

struct draft_chain *draft_find(const struct draft *draft, const char *name)
{
	uint32_t slot = draft->slot_count ? *find_slot(draft, name) : 0;

	return slot ? &draft->chains[slot - 1] : NULL;
}

/* Twice as many slots as there may be chains: half of them stay empty. */
static int grow(struct draft *draft)
{
	size_t size = draft->size ? draft->size * 2 : 16;
	struct draft_chain *chains =
		reallocarray(draft->chains, size, sizeof(*chains));

	if (!chains)
		return -ENOMEM;
	draft->chains = chains;
	draft->size = size;

	uint32_t *slots = calloc(size * 2, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(draft->slots);
	draft->slots = slots;
	draft->slot_count = size * 2;
	for (size_t i = 0; i < draft->count; i++)
		*find_slot(draft, draft->chains[i].chain.name) = i + 1;
	return 0;
}

struct draft_chain *draft_add(struct draft *draft, const struct chain *chain)
{
	if (draft->count == draft->size && grow(draft))
		return NULL;

	struct draft_chain *added = &draft->chains[draft->count++];
	*added = (struct draft_chain){ .chain = *chain };
	*find_slot(draft, chain->name) = draft->count;
	return added;
}

int draft_put(struct draft *draft, struct draft_chain *chain, size_t index,
	      const struct rule *rule)
{
	struct rule *kept = arena_copy(draft->arena, rule, sizeof(*rule));

	if (!kept)
		return -ENOMEM;
	if (chain->count == chain->size) {
		size_t size = chain->size ? chain->size * 2 : 8;
		struct rule **rules =
			reallocarray(chain->rules, size, sizeof(*rules));

		if (!rules)
			return -ENOMEM;
		chain->rules = rules;
		chain->size = size;
	}
	memmove(chain->rules + index + 1, chain->rules + index,
		(chain->count - index) * sizeof(*chain->rules));
	chain->rules[index] = kept;
	chain->count++;
	return 0;
}

int draft_finish(struct draft *draft, struct table *out)
{
	struct table table = draft->table;

	table.chains =
		arena_alloc(draft->arena, draft->count * sizeof(*table.chains));
	if (!table.chains)
		return -ENOMEM;
	for (size_t i = 0; i < draft->count; i++) {
		const struct draft_chain *from = &draft->chains[i];
		struct chain *chain = &table.chains[i];

		*chain = from->chain;
		chain->rules = arena_alloc(draft->arena,
					   from->count * sizeof(*chain->rules));
		if (!chain->rules)
			return -ENOMEM;
		for (size_t j = 0; j < from->count; j++) {
			chain->rules[j] = *from->rules[j];
			chain->rules[j].number = j + 1;
		}
		chain->rule_count = from->count;
	}
	table.chain_count = draft->count;
	*out = table;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "rules/gather.h"
#include "rules/scope.h"

/* The kinds of the address part count as they are, modules behind them. */
static unsigned int module_order(size_t index)
{
	return MATCH_MODULE + 1 + index;
}

void gather_begin(struct gather *gather, struct arena *arena)
{
	*gather = (struct gather){ .arena = arena };
}

void gather_free(struct gather *gather)
{
	free(gather->matches);
	free(gather->modules);
	*gather = (struct gather){ 0 };
}

static int grow(struct gather *gather, struct err *err)
{
	size_t size = gather->size ? gather->size * 2 : 16;
	struct gathered *matches;

	if (gather->count == GATHER_MAX)
		return err_input(err, "more than %d matches in one rule",
				 GATHER_MAX);
	matches = reallocarray(gather->matches, size, sizeof(*matches));
	if (!matches)
		return err_no_memory(err);
	gather->matches = matches;
	gather->size = size;
	return 0;
}

/* Place it behind those of its own order. */
static int put(struct gather *gather, const struct match *match,
	       unsigned int order, unsigned int column, struct err *err)
{
	size_t place = gather->count;

	if (gather->count == gather->size) {
		int result = grow(gather, err);

		if (result)
			return result;
	}
	while (place > 0 && gather->matches[place - 1].order > order)
		place--;
	memmove(gather->matches + place + 1, gather->matches + place,
		(gather->count - place) * sizeof(*gather->matches));
	gather->matches[place] = (struct gathered){ *match, order, column };
	gather->count++;
	return 0;
}

static int add_module(struct gather *gather, enum module module)
{
	if (gather->module_count == gather->module_size) {
		size_t size = gather->module_size ? gather->module_size * 2 : 8;
		enum module *modules =
			reallocarray(gather->modules, size, sizeof(*modules));

		if (!modules)
			return -ENOMEM;
		gather->modules = modules;
		gather->module_size = size;
	}
	gather->modules[gather->module_count++] = module;
	return 0;
}

int gather_address(struct gather *gather, const struct match *match,
		   unsigned int column, struct err *err)
{
	for (size_t i = 0; i < gather->count; i++) {
		if (gather->matches[i].order == match->kind)
			return err_input(
				err, "'%s' stands in this rule a second time",
				match->option);
	}
	return put(gather, match, match->kind, column, err);
}

int gather_module(struct gather *gather, enum module module, const char *name,
		  unsigned int column, struct err *err)
{
	const char **words = arena_copy(gather->arena, &name, sizeof(name));
	struct match match = {
		.kind = MATCH_MODULE,
		.option = "-m",
		.words = words,
		.word_count = 1,
		.module = module,
	};

	if (!words || add_module(gather, module))
		return err_no_memory(err);
	return put(gather, &match, module_order(gather->module_count - 1),
		   column, err);
}

/* Two that exclude each other: the same question, or two of multiport. */
static bool is_same_question(enum module module, const struct match *a,
			     const struct match *b)
{
	if (b->kind == MATCH_MODULE || a->kind == MATCH_DETAIL ||
	    a->kind == MATCH_OPAQUE)
		return false;
	if (a->kind == MATCH_ECN && b->kind == MATCH_ECN)
		return !strcmp(a->option, b->option);
	return a->kind == b->kind || module == MODULE_MULTIPORT;
}

int gather_option(struct gather *gather, size_t index,
		  const struct match *match, unsigned int column,
		  struct err *err)
{
	unsigned int order = module_order(index);

	for (size_t i = 0; i < gather->count; i++) {
		const struct gathered *other = &gather->matches[i];

		if (other->order == order &&
		    is_same_question(gather->modules[index], match,
				     &other->match))
			return err_input(
				err,
				"'%s' cannot stand behind '%s' of the same "
				"module: write '-m %s' before it once more",
				match->option, other->match.option,
				module_info(gather->modules[index])->name);
	}
	return put(gather, match, order, column, err);
}

/* The rule's `-p`, if it has one. */
static const struct match *find_proto(const struct gather *gather)
{
	for (size_t i = 0; i < gather->count; i++) {
		if (gather->matches[i].match.kind == MATCH_PROTO)
			return &gather->matches[i].match;
	}
	return NULL;
}

/*
 * iptables-nft takes `! -p tcp -m tcp --dport 22` and prints it, the kernel's
 * own tables do not. What it asks then we do not model.
 */
static void make_unknown(struct gather *gather, unsigned int order)
{
	for (size_t i = 0; i < gather->count; i++) {
		struct match *match = &gather->matches[i].match;

		if (gather->matches[i].order != order)
			continue;
		if (match->kind == MATCH_MODULE)
			match->module = MODULE_UNKNOWN;
		else
			match->kind = MATCH_DETAIL;
	}
}

static int check_proto(struct gather *gather, const struct gathered *item,
		       const struct match *proto, struct err *err)
{
	const struct match *match = &item->match;
	bool has_proto = proto && !proto->is_negated;
	const char *needs = NULL;

	if (match->kind == MATCH_MODULE)
		needs = scope_missing_proto(match->module, has_proto,
					    has_proto ? proto->proto : 0);
	else if (match->kind == MATCH_ECN && !match->ecn.has_ip_ect &&
		 (!has_proto || proto->proto != IPPROTO_TCP))
		needs = "-p tcp";
	if (!needs)
		return 0;
	if (proto && proto->is_negated) {
		make_unknown(gather, item->order);
		return 0;
	}
	if (match->kind == MATCH_MODULE)
		return err_input(err, "'-m %s' needs %s in the same rule",
				 match->words[0], needs);
	return err_input(err, "'%s' needs %s in the same rule", match->option,
			 needs);
}

/* --limit-iface-in and -out change what the types of their module ask. */
static void limit_addr_types(struct gather *gather,
			     const struct gathered *limit)
{
	bool is_in = !strcmp(limit->match.option, "--limit-iface-in");

	for (size_t i = 0; i < gather->count; i++) {
		struct match *match = &gather->matches[i].match;

		if (gather->matches[i].order != limit->order ||
		    (match->kind != MATCH_SRC_TYPE &&
		     match->kind != MATCH_DST_TYPE))
			continue;
		if (is_in)
			match->addr_type.limit_in = true;
		else
			match->addr_type.limit_out = true;
	}
}

int gather_finish(struct gather *gather, struct rule *rule,
		  unsigned int *column, struct err *err)
{
	const struct match *proto = find_proto(gather);
	struct match *matches =
		arena_alloc(gather->arena, gather->count * sizeof(*matches));

	if (!matches)
		return err_no_memory(err);
	for (size_t i = 0; i < gather->count; i++) {
		const struct gathered *item = &gather->matches[i];
		int result;

		*column = item->column;
		result = check_proto(gather, item, proto, err);
		if (result)
			return result;
		if (item->match.kind == MATCH_DETAIL &&
		    gather->modules[item->order - module_order(0)] ==
			    MODULE_ADDRTYPE)
			limit_addr_types(gather, item);
	}
	for (size_t i = 0; i < gather->count; i++)
		matches[i] = gather->matches[i].match;
	rule->matches = matches;
	rule->match_count = gather->count;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Whose option is it? The same name means something else behind another
 * module, target or protocol; iptables asks getopt_long() with the options of
 * all modules loaded so far. Here that search is written down, and goes on for
 * what old dumps leave out.
 */
#include "rules/options.h"

/* The options of iptables itself. */
enum global_id {
	GLOBAL_APPEND,
	GLOBAL_INSERT,
	GLOBAL_NEW_CHAIN,
	GLOBAL_POLICY,
	GLOBAL_FLUSH,
	GLOBAL_REFUSED, /* -D, -L, ...: a ruleset does not have them */
	GLOBAL_SOURCE,
	GLOBAL_DESTINATION,
	GLOBAL_IN_IFACE,
	GLOBAL_OUT_IFACE,
	GLOBAL_PROTO,
	GLOBAL_FRAGMENT,
	GLOBAL_MATCH,
	GLOBAL_JUMP,
	GLOBAL_GOTO,
	GLOBAL_COUNTERS,
	GLOBAL_IPV4,
	GLOBAL_IPV6,
	GLOBAL_IGNORED, /* -v, -n, -x: how to list */
	GLOBAL_WAIT,
};

/* What a rule has said so far. */
struct scope {
	enum family family;
	const enum module *modules; /* in the order of -m, also implicit ones */
	size_t module_count;
	bool has_proto;
	uint8_t proto;
	bool has_extension; /* -j, but not to a chain, ACCEPT, DROP, RETURN */
	enum extension extension;
	bool is_target_latest; /* no -m behind -j */
};

enum scope_owner {
	SCOPE_GLOBAL,
	SCOPE_MODULE,	  /* .index in scope->modules */
	SCOPE_NEW_MODULE, /* .info->owner, which has to be added first */
	SCOPE_TARGET,
	SCOPE_OPEN_MODULE, /* .index: an option that we do not know of it */
	SCOPE_OPEN_TARGET,
	SCOPE_NOBODY,
};

struct scope_answer {
	enum scope_owner owner;
	size_t index;
	enum global_id global;
	const struct option_info *info; /* NULL for open and global ones */
};

/* @name: the option's text, "-s" or "--source", its first @length bytes. */
struct scope_answer scope_find(const struct scope *scope, const char *name,
			       size_t length);

/* The protocols that a module works for only, as a sentence has them ("tcp");
 * NULL when it works for all or for @proto. */
const char *scope_missing_proto(enum module module, bool has_proto,
				uint8_t proto);

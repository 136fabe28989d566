/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The command line behind the word, as values. One table has every option;
 * each command names those that it takes.
 */
#include "base/buf.h"
#include "bpf/safe.h"
#include "offload/plan.h"

enum option {
#define SWITCH(id, ...)	 OPTION_##id,
#define VALUE(id, ...)	 OPTION_##id,
#define BOUNDED(id, ...) OPTION_##id,
#define CHOICE(id, ...)	 OPTION_##id,
#include "cli/options.def"
#undef SWITCH
#undef VALUE
#undef BOUNDED
#undef CHOICE
	OPTION_COUNT,
};
#define OPTION_BIT(option) (UINT64_C(1) << OPTION_##option)

#define OPTIONS_SECONDS_MAX 86400   /* no option waits longer */
#define OPTIONS_COUNT_MAX   1000000 /* nor counts further, nor is faster */

enum path_wish {
	PATH_BOTH,
	PATH_INPUT,
	PATH_FORWARD,
};

struct options {
	const char *rules, *rules6; /* paths; NULL: not given */
	bool from_kernel;
	const char *sets, *block; /* paths; NULL: not given */
	struct wishes wishes;
	const char *in;
	const char *packet, *pcap;
	enum path_wish path;
	enum safe_target target;
	const char *card, *dev;
	const char *config; /* a directory; NULL: the usual one */
	bool diff;
	bool advise;
	unsigned int confirm; /* seconds, 0: not given */
	bool watch, prometheus;
	const char *textfile, *listen, *group;
	/* Of sample: so many packets, 0: no end; one of so many, 0: each. */
	unsigned int limit, every;
	const char *caps; /* a file of another machine */
	enum tier check;  /* of caps; TIER_NONE: not asked for */
	bool fix, markdown;
	bool measure; /* of plan: run the programs */
	bool json, help;
	bool is_quiet;	/* set by the watcher: no warnings again and again */
	bool asks_card; /* set by plan: measure what a card would take over */
	uint64_t given; /* OPTION_BITs */
	/* What is not an option, in order: moved to the start of argv. */
	char **args;
	size_t arg_count;
};

/*
 * Read the @count words at @argv, which keep what is not an option. @accepted: OPTION_BITs. ERR_USAGE names the word that is wrong.
 */
int options_parse(char **argv, size_t count, uint64_t accepted,
		  struct options *out, struct err *err);

/* As before any word was read. */
struct options options_default(void);

/*
 * Set the option @name as a configuration file does: `yes` and `no` for those
 * that take no value. ERR_INPUT for what is not among @accepted, is set twice
 * or has a value that it cannot have. @value must outlive @out.
 */
int options_set(const char *name, const char *value, uint64_t accepted,
		struct options *out, struct err *err);

/* One option in words, for --help, manuals and completion. */
struct option_words {
	const char *name;
	const char *value; /* what its value is called; NULL: takes none */
	bool is_optional;  /* the value, which then stands behind a "=" */
	const char *help;
};
struct option_words options_words(enum option option);

/* The lines of `--help` for these options. */
void options_print_help(struct buf *buf, uint64_t accepted);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What `wirewall check` found out about an object, as words and numbers.
 */
#include <stdbool.h>
#include <stddef.h>

struct check_finding {
	const char *rule; /* stable */
	bool is_trap;	  /* it loads all the same */
	const char *says, *instead, *source;
	const char *detail;
	bool has_insn;
	size_t insn;
	const char *map;	 /* NULL: none */
	const char *file, *text; /* of the program's source; NULL: not known */
	unsigned int line;
};

/* The driver's own word, where it was asked. */
struct check_driver {
	const char *iface;
	bool is_accepted;
	const char *stage, *words;
	unsigned int insns, card_insns;
};

struct check_program {
	const char *name, *section;
	bool is_refused;
	struct check_finding *findings;
	size_t count;
	size_t insns;
	unsigned int card_insns, stack, packet; /* card_insns 0: for no card */
	const struct check_driver *driver;	/* NULL: not asked */
};

struct report_check {
	const char *path, *target;
	const char *card; /* NULL: the target is none */
	struct check_program *programs;
	size_t count;
};

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What shall be attached where, as files say it (docs/config.md):
 *
 *	# comment
 *	[interface eth0]
 *	rules = /etc/iptables/rules.v4
 *	static = yes
 *
 * A setting is an option of apply without its dashes. Pure: text to values.
 */
#include "base/arena.h"
#include "cli/options.h"

/* Where the files are, unless said otherwise. */
#define CONFIG_DIR "/etc/wirewall"

struct config_section {
	const char *pattern; /* of interfaces' names, as fnmatch(3) has it */
	const char *source;  /* the file */
	unsigned int line;
	struct options options; /* has a source of rules */
};

struct config {
	struct arena *arena;
	struct config_section *sections;
	size_t count, room;
};

struct config *config_make(void); /* NULL on ENOMEM */
void config_free(struct config *config);
OWN_DEFINE(config)

/*
 * Add the sections of @length bytes at @text. @source is its name in messages.
 * ERR_INPUT tells the line, what was seen and what was expected.
 */
int config_parse(struct config *config, const char *text, size_t length,
		 const char *source, struct err *err);

/* Does the pattern name one interface, or any that fits? */
bool config_is_pattern(const char *pattern);

/*
 * The section of the interface of this name: the one that names it, otherwise
 * the first one whose pattern fits, otherwise NULL. Never one for lo.
 */
const struct config_section *config_find(const struct config *config,
					 const char *iface);

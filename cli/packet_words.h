/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Names that packets are written with, both ways. */
#include <stddef.h>

#include "rules/ruleset.h"

struct packet_word {
	const char *name;
	unsigned int value;
};

/* Each ends with a name of NULL; where two names have one value the first one
 * is printed. */
extern const struct packet_word packet_words_proto[];
extern const struct packet_word packet_words_flag[];  /* of TCP, as a mask */
extern const struct packet_word packet_words_state[]; /* CT_* */

const struct packet_word *packet_words_icmp(enum family family);

/* NULL when there is none. */
const struct packet_word *packet_words_find(const struct packet_word *words,
					    const char *name, size_t length);
const char *packet_words_name(const struct packet_word *words,
			      unsigned int value);

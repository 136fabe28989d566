/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The words of rules/names.def by group. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum name_group {
	NAMES_TCP_FLAG,
	NAMES_STATE,
	NAMES_CT_STATE,
	NAMES_ADDR_TYPE,
	NAMES_PKT_TYPE,
	NAMES_TOS,
	NAMES_DSCP,
	NAMES_ICMP,
	NAMES_ICMP6,
	NAMES_PROTO,
	NAMES_SERVICE,
};

/*
 * The value of the name in the first @length bytes of @text, in any case of
 * letters. With @may_shorten its beginning will do, if no other name begins
 * with it. False when there is none.
 */
bool names_find(enum name_group group, const char *text, size_t length,
		bool may_shorten, uint32_t *out);

/* Its names, comma separated, as far as they fit; for sentences. */
void names_list(enum name_group group, char *text, size_t size);

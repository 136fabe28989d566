/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Ports as words: numbers, names of services, ranges and lists. Returns 0, or
 * -EINVAL with a sentence; *@out is untouched then. @proto chooses among the
 * services of one name.
 */
#include "base/err.h"
#include "rules/ruleset.h"

/* "22", "ssh", "1024:65535", ":1024", "1024:" */
int ports_read_range(const char *text, uint8_t proto, struct port_list *out,
		     struct err *err);

/* "22,80,6000:6010": at most PORTS_MAX, where a range counts as two. */
int ports_read_list(const char *text, uint8_t proto, struct port_list *out,
		    struct err *err);

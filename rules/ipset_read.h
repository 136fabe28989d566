/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * From the text of `ipset save` to sets (rules/ipset.h): lines `create NAME
 * TYPE OPTIONS` and `add NAME ELEMENT OPTIONS`, and what people write by hand
 * for `ipset restore`: ranges, ports without a protocol.
 */
#include "rules/ipset.h"

/*
 * Read @length bytes at @text; @source is its name in messages. Returns 0 and
 * sets to be freed with ipsets_free(); -EINVAL with the first line that cannot
 * be read; -ENOMEM. *@out is untouched on failure.
 */
int ipset_read(const char *text, size_t length, const char *source,
	       struct ipsets **out, struct err *err);

/* Elements that ranges of one set may stand for, beyond which it is refused. */
#define IPSET_ELEMENTS_MAX ((size_t)8 * 1000 * 1000)

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* One element of a set, `10.0.0.0/8,tcp:80` say, as ipset(8) reads it. */
#include "rules/ipset_draft.h"

/*
 * Add what @text stands for, with `nomatch` or without, to @draft, whose set
 * has a modelled type that is not list:set. 0, -EINVAL with a sentence, or
 * -ENOMEM.
 */
int ipset_element_add(struct ipset_draft *draft, const char *text,
		      bool is_nomatch, struct err *err);

/* "10.0.0.1-10.0.0.9", "10.0.0.0/8" or an address, as its first and last. */
int ipset_element_addresses(const char *text, enum family family,
			    struct ipset_span *out, struct err *err);

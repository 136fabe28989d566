/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Addresses, masks and ranges of both families, as words and as numbers.
 * Reading returns 0, or -EINVAL with a sentence; *@out is untouched then.
 */
#include "base/err.h"
#include "rules/ruleset.h"

/* An address without mask. IPv4 may leave out bytes at its end: "10.1". */
int address_read(const char *text, enum family family, u128 *out,
		 struct err *err);

/* "10.0.0.0/8", "10.0.0.0/255.0.0.0", an address alone: all of its bits. */
int address_read_mask(const char *text, enum family family,
		      struct addr_mask *out, struct err *err);

/* "10.0.0.1-10.0.0.9" or one address. */
int address_read_range(const char *text, enum family family,
		       struct addr_range *out, struct err *err);

#define ADDRESS_TEXT_MAX 128 /* an address, a slash, a mask */

/*
 * How iptables-save spells @addr, which was read from @text: the same word,
 * but with all of the address, without bits outside of its mask, and never
 * without a mask.
 */
void address_spell(const char *text, enum family family,
		   const struct addr_mask *addr, char out[ADDRESS_TEXT_MAX]);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Destinations that routing hands to this host itself (INPUT), whatever else a
 * packet has: the routes of type local (rtnetlink), in a host that asks their
 * table before any other.
 */
#include <stdbool.h>

#include "base/num.h"

struct locals_range {
	u128 min, max;
};
#define LOCALS_MAX 64

struct locals_family {
	struct locals_range ranges[LOCALS_MAX];
	size_t count; /* may be less than there are: beyond LOCALS_MAX, and
			 those of loopback, none of which comes in */
};

struct locals {
	struct locals_family families[2]; /* [0] IPv4, [1] IPv6 */
	char text[256];			  /* where none are known: why */
};

/* What cannot be read is not local. */
void locals_read(struct locals *out);

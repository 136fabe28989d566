/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* -m addrtype: what an address tells by itself, without the routing table. */
#include "rules/sight.h"

/* Returns 0 or -ENOMEM. */
int see_type(const struct viewpoint *view, struct sight *sight,
	     const struct match *match, enum field field);

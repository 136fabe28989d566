/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* -m addrtype: what kind of address the host takes @address for. */
#include "rules/ask.h"

/* Without negation. */
enum answer ask_type(const struct question *q, u128 address,
		     const struct addr_type *wanted);

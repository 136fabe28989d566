/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Matches that are taken and that hardly anybody writes: values at the edge of
 * what can be said, ranges turned round, masks that can never be met, a module
 * twice, names and other bases. Both backends of iptables 1.8.9 take them all.
 */
#include "base/random.h"
#include "rules/ruleset.h"

/* One for a rule with `-p @proto` ("" without), to stand behind all that. */
const char *gen_odd_match(struct random *rnd, enum family family,
			  const char *proto);

/* One with `-m tcp` or `-m udp` itself; NULL when @proto is another. */
const char *gen_odd_ports(struct random *rnd, const char *proto);

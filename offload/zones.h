/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * In which zones of connection tracking rules have the packets of an interface
 * looked up (CT --zone, --zone-orig, --zone-reply in PREROUTING of raw).
 */
#include "bpf/wire.h"
#include "rules/ruleset.h"

struct zones {
	uint32_t count; /* 0: the usual one */
	struct wire_zone items[WIRE_ZONES_MAX];
};

/*
 * Every zone that @ruleset (NULL: without rules) may choose for a packet that
 * comes in by @iface. Returns 0, or -ENOTSUP and in *@why a sentence: there are
 * too many, or the packet's mark tells.
 */
int zones_find(const struct ruleset *ruleset, const char *iface,
	       struct zones *out, const char **why);

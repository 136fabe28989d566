/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Facts about the host that decide what may be dropped and that no packet
 * tells. A fact that cannot be read is reported as the conservative answer,
 * with is_known false and a sentence.
 */
#include <stdbool.h>

#include "base/err.h"

struct fact {
	bool is_known;
	bool value;
	char text[256]; /* what was read where, or why it could not be */
};

struct host_facts {
	/*
	 * Address translation of each family ([0] IPv4, [1] IPv6): a nat table
	 * of iptables-legacy (/proc/net/ip_tables_names) or a base chain of
	 * type nat in nftables. Unknown counts as true.
	 */
	struct fact has_nat[2];
	/*
	 * nftables tables that are not iptables-nft's own (other names than
	 * raw mangle nat filter security in families ip and ip6, or families
	 * inet, netdev): they may act before the rules that we know. Unknown
	 * counts as true.
	 */
	struct fact has_foreign_nft;
};

void facts_read(struct host_facts *facts);

// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "base/num.h"
#include "net/facts.h"
#include "net/helpers.h"
#include "net/hooks.h"
#include "net/logging.h"
#include "net/nft.h"
#include "net/readers.h"
#include "net/xtables.h"

static const char *const families[] = { "IPv4", "IPv6" };

unsigned int facts_table(const char *name)
{
	static const struct {
		const char *name;
		enum host_table table;
	} tables[] = {
		{ "raw", HOST_TABLE_RAW },
		{ "mangle", HOST_TABLE_MANGLE },
		{ "nat", HOST_TABLE_NAT },
		{ "filter", HOST_TABLE_FILTER },
		{ "security", HOST_TABLE_SECURITY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		if (!strcmp(name, tables[i].name))
			return tables[i].table;
	}
	return 0;
}

static void begin(struct host_facts *facts)
{
	*facts = (struct host_facts){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		fact_begin(&facts->has_nat[i],
			   "no nat table of %s in iptables or nftables",
			   families[i]);
		fact_begin(&facts->has_raw[i],
			   "no raw table of %s in iptables or nftables",
			   families[i]);
	}
	fact_begin(&facts->has_foreign_hooks,
		   "nftables has no tables but those of iptables, and no BPF "
		   "program is attached to netfilter");
	fact_begin(&facts->has_helpers,
		   "no connection is given a helper, and none is expected");
	fact_begin(&facts->logs_invalid, "nf_conntrack_log_invalid is off");
	fact_begin(&facts->logs_martians, "log_martians is off");
	fact_begin(&facts->has_readers, "no packet socket misses anything");
}

/* Rules in both places are asked, in an order that nobody can tell; those
 * given are of one of them (soundness.md 2.2.8). */
static void note_two_backends(struct host_facts *facts)
{
	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		if (facts->legacy_tables[i] && facts->nft_tables[i])
			fact_yes(&facts->has_foreign_hooks,
				 "iptables-legacy and iptables-nft both have "
				 "tables of %s",
				 families[i]);
	}
}

void facts_read(const char *iface, struct host_facts *facts)
{
	struct facts_memory nothing = { 0 };

	facts_read_again(iface, &nothing, facts);
}

void facts_read_again(const char *iface, struct facts_memory *memory,
		      struct host_facts *facts)
{
	begin(facts);
	xtables_read(facts);
	nft_read(memory, facts);
	note_two_backends(facts);
	hooks_read(&facts->has_foreign_hooks);
	helpers_read(&facts->has_helpers);
	logging_read(iface, facts);
	readers_read(iface, &facts->has_readers);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "base/num.h"
#include "net/facts.h"
#include "net/helpers.h"
#include "net/hooks.h"
#include "net/logging.h"
#include "net/nft.h"
#include "net/readers.h"
#include "net/xtables.h"

static void begin(struct host_facts *facts)
{
	static const char *const families[] = { "IPv4", "IPv6" };

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

void facts_read(const char *iface, struct host_facts *facts)
{
	begin(facts);
	xtables_read(facts);
	nft_read(facts);
	hooks_read(&facts->has_foreign_hooks);
	helpers_read(&facts->has_helpers);
	logging_read(iface, facts);
	readers_read(iface, &facts->has_readers);
}

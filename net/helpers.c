// SPDX-License-Identifier: GPL-2.0-only
#include "net/helpers.h"
#include "net/proc.h"

void helpers_read(struct fact *fact)
{
	/* Helpers by port number: off by default since 4.7, gone in 6.0. */
	proc_read_switch("/proc/sys/net/netfilter/nf_conntrack_helper", fact);
	proc_read_list("/proc/net/nf_conntrack_expect", 0,
		       "expected connections", fact);
	/* ip_vs_ftp announces the data connections of its servers. */
	proc_read_list("/proc/net/ip_vs", 3, "virtual servers", fact);
}

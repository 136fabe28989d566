// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "net/facts.h"
#include "net/logging.h"
#include "net/proc.h"

void logging_read(const char *iface, struct host_facts *facts)
{
	char path[128];

	/*
	 * A protocol number, or 255 for all: any number counts, as reading it
	 * more closely would save little.
	 */
	proc_read_switch("/proc/sys/net/netfilter/nf_conntrack_log_invalid",
			 &facts->logs_invalid);
	/* One of the two is enough: IN_DEV_LOG_MARTIANS, linux/inetdevice.h. */
	proc_read_switch("/proc/sys/net/ipv4/conf/all/log_martians",
			 &facts->logs_martians);
	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/%s/log_martians",
		 iface);
	proc_read_switch(path, &facts->logs_martians);
}

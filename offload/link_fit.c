// SPDX-License-Identifier: GPL-2.0-only
#include <net/if_arp.h>
#include <stdarg.h>
#include <stdio.h>

#include "offload/link_fit.h"

struct objection object(enum reason reason, const char *format, ...)
{
	struct objection objection = { .reason = reason };
	va_list args;

	va_start(args, format);
	vsnprintf(objection.text, sizeof(objection.text), format, args);
	va_end(args);
	return objection;
}

struct objection link_fit(const struct link *link, const struct link *upper,
			  bool accept_bypass)
{
	/* 1. The loopback interface carries what the host sends itself. */
	if (link->is_loopback)
		return object(REASON_LOOPBACK, "%s", link->name);
	/* 2. The program reads Ethernet headers. */
	if (link->type != ARPHRD_ETHER)
		return object(REASON_NOT_ETHERNET, "link type %u", link->type);
	/* 3. A port's packets belong to its master (soundness.md 2.2.7). */
	if (link->master)
		return object(REASON_HAS_MASTER, "%s is a port of %s (%s)",
			      link->name, link->master_name, link->slave_kind);
	/* 4. Packets of a VLAN or macvlan on it meet other rules than those
	 * of this interface (2.2, 6 and 7). */
	if (upper && !accept_bypass)
		return object(REASON_HAS_UPPER, "%s (%s) stands on %s",
			      upper->name, upper->kind, link->name);
	return object(REASON_NONE, "%s", "");
}

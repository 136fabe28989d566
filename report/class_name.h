/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
#include "offload/plan.h"

/* "ipv4" "fragments" "ipv6" */
static inline const char *class_name(enum wire_class class)
{
	static const char *const names[] = {
		[WIRE_IPV4] = "ipv4",
		[WIRE_FRAGMENT] = "fragments",
		[WIRE_IPV6] = "ipv6",
	};

	return names[class];
}

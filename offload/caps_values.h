/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Values of an interface by the names that needs of the nicdb call them. */
#include "net/nic.h"
#include "nicdb/need.h"

struct caps_values {
	const struct nic *nic;
	/* Of a bond: ports that refuse a program, ports that have one, and the
	 * first of either. */
	uint32_t ports_without_native, ports_with_program;
	const char *bad_port;
};

/* A need_lookup; @context is a struct caps_values. */
bool caps_values_look_up(void *context, const char *name,
			 struct need_value *out);

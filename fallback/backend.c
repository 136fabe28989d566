// SPDX-License-Identifier: GPL-2.0-only
#include "base/num.h"
#include "fallback/backend.h"

static uint32_t native_id(const struct link *link)
{
	return link->native_id;
}

static uint32_t generic_id(const struct link *link)
{
	return link->generic_id;
}

static const struct host_backend backends[] = {
	{ TIER_NATIVE, XDP_MODE_NATIVE, native_id },
	{ TIER_GENERIC, XDP_MODE_GENERIC, generic_id },
};

const struct host_backend *backend_find(enum tier tier)
{
	for (size_t i = 0; i < ARRAY_SIZE(backends); i++) {
		if (backends[i].tier == tier)
			return &backends[i];
	}
	return NULL;
}

const struct host_backend *backend_attached(const struct link *link)
{
	for (size_t i = 0; i < ARRAY_SIZE(backends); i++) {
		if (backends[i].prog_id(link))
			return &backends[i];
	}
	return NULL;
}

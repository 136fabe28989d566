// SPDX-License-Identifier: GPL-2.0-only
#include "base/num.h"
#include "fallback/backend.h"

static uint32_t hw_id(const struct link *link)
{
	return link->hw_id;
}

static uint32_t native_id(const struct link *link)
{
	return link->native_id;
}

static uint32_t generic_id(const struct link *link)
{
	return link->generic_id;
}

static const struct xdp_backend backends[] = {
	{ TIER_HW, SLOT_CARD, XDP_MODE_HW, hw_id },
	{ TIER_NATIVE, SLOT_HOST, XDP_MODE_NATIVE, native_id },
	{ TIER_GENERIC, SLOT_HOST, XDP_MODE_GENERIC, generic_id },
};

const struct xdp_backend *backend_find(enum tier tier)
{
	for (size_t i = 0; i < ARRAY_SIZE(backends); i++) {
		if (backends[i].tier == tier)
			return &backends[i];
	}
	return NULL;
}

const struct xdp_backend *backend_attached(const struct link *link,
					   enum slot slot)
{
	for (size_t i = 0; i < ARRAY_SIZE(backends); i++) {
		if (backends[i].slot == slot && backends[i].prog_id(link))
			return &backends[i];
	}
	return NULL;
}

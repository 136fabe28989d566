/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What the operator can do about a reason, for one interface. */
#include "base/buf.h"
#include "offload/plan.h"

/*
 * Append what helps against the reason why @tier is not had: the fix that is
 * known for this interface, or else the reason's remedy with @iface where its
 * %s stands; nothing without either.
 */
void remedy_add(struct buf *buf, const struct plan_tier *tier,
		const char *iface);

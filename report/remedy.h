/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What the operator can do about a reason, for one interface. */
#include "base/buf.h"
#include "offload/plan.h"

/* Append the remedy, with @iface where its %s stands; nothing without one. */
void remedy_add(struct buf *buf, enum reason reason, const char *iface);

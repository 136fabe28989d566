/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What a program rests on that nobody looks at again after apply. */
#include "base/buf.h"
#include "offload/plan.h"

/* Is it as it was when planned, and does a drop depend on it? */
bool assumed_is(const struct plan_fact *fact);

/* One sentence that names them; nothing when there are none. */
void assumed_add(struct buf *buf, const struct plan *plan);

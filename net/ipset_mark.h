/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Has somebody changed a set of ipset? It tells nobody, so that its sets are
 * listed and hashed: names and members, without timeouts and counters.
 */
#include <stdint.h>

/* What cannot be read counts as empty. */
uint64_t ipset_mark_read(void);

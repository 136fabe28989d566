/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Ways out of a chain that call no other: RETURN, ACCEPT, and what the
 * targets of extensions do. @is_exact: both boxes of @sight are the same.
 * Each returns 0 or -ENOMEM.
 */
#include "rules/writer.h"

/* Leave for @ends: surely with `must`, possibly with `may`. */
int line_way_leave(struct writer *w, const struct frame *frame,
		   const struct sight *sight, bool is_exact, uint32_t *ends,
		   uint32_t rule);
int line_way_accept(struct writer *w, const struct frame *frame,
		    const struct sight *sight, bool is_exact, uint32_t rule);
int line_way_extension(struct writer *w, const struct frame *frame,
		       const struct sight *sight, bool is_exact,
		       const struct rule_target *target, uint32_t rule);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One chain where it is called, with the chains that it calls: each of its
 * rules becomes the steps of its target, for what a program sees of it.
 */
#include "rules/writer.h"

/* Returns 0 or -ENOMEM. */
int line_chain_write(struct writer *w, const struct chain *chain,
		     struct frame *frame);

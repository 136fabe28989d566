/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Programs of one interface that must not drop any more, until they surely do not:
 * what resists is told once and tried again. Begins zeroed.
 */
#include <stdbool.h>
#include <stdint.h>

/* The driver's and the card's, and those of an interface that went before. */
#define UNSTOPPED_MAX 4

struct unstopped {
	struct {
		uint32_t prog_id; /* 0: none */
		bool is_refused;  /* taking it off has failed */
	} items[UNSTOPPED_MAX];
	long due; /* when they are tried again, in ms */
};

/* @prog_id 0 is none; the first of too many gives way. */
void unstopped_add(struct unstopped *unstopped, uint32_t prog_id);

/* It drops what it should again. */
void unstopped_forget(struct unstopped *unstopped, uint32_t prog_id);

bool unstopped_has_any(const struct unstopped *unstopped);

/* Stop them all; @iface (NULL: it was told) for the event of those that resist. */
void unstopped_try(struct unstopped *unstopped, const char *iface);

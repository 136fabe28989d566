/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One claim about the host that is harmless when it is false. It begins as
 * "no"; its sources then speak up: one yes decides, otherwise one source that
 * cannot be read makes it unknown, which counts as true.
 */
#include <stdbool.h>

struct fact {
	bool is_known;
	bool value;
	char text[256]; /* what was read where, or why it could not be */
};

/* Begin: what it means that no source objects. */
void fact_begin(struct fact *fact, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A source says that it is so. The first one is kept. */
void fact_yes(struct fact *fact, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, as @source has it. */
void fact_join(struct fact *fact, const struct fact *source);
/* A source could not be read. */
void fact_unknown(struct fact *fact, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Memory that lives and dies together: a tree's root owns an arena, its nodes
 * are never freed one by one.
 */
#include <stddef.h>

#include "base/own.h"

struct arena;

struct arena *arena_make(void); /* NULL on ENOMEM */
void arena_free(struct arena *arena);
OWN_DEFINE(arena)

/* Zeroed memory, aligned for any type; NULL on ENOMEM. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of @length bytes at @data; arena_text() adds a NUL behind them. */
void *arena_copy(struct arena *arena, const void *data, size_t length);
char *arena_text(struct arena *arena, const char *text, size_t length);

/* Bytes handed out so far: for bounds, not for accounting. */
size_t arena_used(const struct arena *arena);

// SPDX-License-Identifier: GPL-2.0-only
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define BLOCK_SIZE ((size_t)64 * 1024)

struct block {
	struct block *next;
	size_t size; /* of bytes[] */
	size_t used;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *newest;
	size_t used;
};

struct arena *arena_make(void)
{
	return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	while (arena->newest) {
		struct block *block = arena->newest;

		arena->newest = block->next;
		free(block);
	}
	free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct block *block = arena->newest;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + align - 1) & ~(align - 1);
	if (!block || block->size - block->used < size) {
		size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;

		block = calloc(1, sizeof(*block) + room);
		if (!block)
			return NULL;
		block->size = room;
		block->next = arena->newest;
		arena->newest = block;
	}
	void *memory = block->bytes + block->used;
	block->used += size;
	arena->used += size;
	return memory;
}

void *arena_copy(struct arena *arena, const void *data, size_t length)
{
	void *memory = arena_alloc(arena, length ? length : 1);

	if (memory && length)
		memcpy(memory, data, length);
	return memory;
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
	char *memory = arena_alloc(arena, length + 1);

	if (memory)
		memcpy(memory, text, length);
	return memory;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}

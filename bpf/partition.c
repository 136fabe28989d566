// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "bpf/partition.h"

size_t runs_size(const struct runs *runs)
{
	size_t size = 0;

	for (uint32_t i = 0; i < runs->count; i++)
		size += runs->list[i].last - runs->list[i].first + 1;
	return size;
}

/* Classes being split: those that lose all members stay as empty numbers. */
struct splitter {
	uint32_t *class_of;
	uint32_t *asked; /* index: class; the last question that split it */
	uint32_t *yes;	 /* the class that its members with yes went to */
	size_t count, room;
};

static uint32_t *grow(uint32_t *array, size_t room)
{
	return reallocarray(array, room, sizeof(*array));
}

static int reserve(struct splitter *splitter)
{
	size_t room = splitter->room ? splitter->room * 2 : 64;
	uint32_t *array;

	if (splitter->count < splitter->room)
		return 0;
	array = grow(splitter->asked, room);
	if (!array)
		return -ENOMEM;
	splitter->asked = array;
	array = grow(splitter->yes, room);
	if (!array)
		return -ENOMEM;
	splitter->yes = array;
	splitter->room = room;
	return 0;
}

/* Questions are numbered from 1 here: 0 is none. */
static int add_class(struct splitter *splitter)
{
	if (reserve(splitter))
		return -ENOMEM;
	splitter->asked[splitter->count++] = 0;
	return 0;
}

static int split(struct splitter *splitter, const struct runs *runs,
		 uint32_t question)
{
	for (uint32_t r = 0; r < runs->count; r++) {
		for (size_t n = runs->list[r].first; n <= runs->list[r].last;
		     n++) {
			uint32_t class = splitter->class_of[n];

			if (splitter->asked[class] != question) {
				if (add_class(splitter))
					return -ENOMEM;
				splitter->asked[class] = question;
				splitter->yes[class] = splitter->count - 1;
			}
			splitter->class_of[n] = splitter->yes[class];
		}
	}
	return 0;
}

/* Give the classes that have members new numbers, by their first member. */
static size_t renumber(struct splitter *splitter, size_t size)
{
	uint32_t *number = splitter->yes;
	size_t count = 0;

	for (size_t c = 0; c < splitter->count; c++)
		number[c] = UINT32_MAX;
	for (size_t n = 0; n < size; n++) {
		uint32_t class = splitter->class_of[n];

		if (number[class] == UINT32_MAX)
			number[class] = count++;
		splitter->class_of[n] = number[class];
	}
	return count;
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static const struct runs *make_runs(struct arena *arena, uint32_t *numbers,
				    size_t count)
{
	struct runs *runs;
	size_t run_count = 0;

	qsort(numbers, count, sizeof(*numbers), by_value);
	for (size_t i = 0; i < count; i++)
		run_count += i == 0 || numbers[i] > numbers[i - 1] + 1;
	runs = arena_alloc(arena,
			   sizeof(*runs) + run_count * sizeof(runs->list[0]));
	if (!runs)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || numbers[i] > numbers[i - 1] + 1)
			runs->list[runs->count++].first = numbers[i];
		runs->list[runs->count - 1].last = numbers[i];
	}
	return runs;
}

/* The same question asked of classes: each is wholly in or out. */
static const struct runs *to_classes(struct arena *arena,
				     const struct runs *runs,
				     const uint32_t *class_of, uint32_t *seen,
				     uint32_t question, uint32_t *found)
{
	size_t count = 0;

	for (uint32_t r = 0; r < runs->count; r++) {
		for (size_t n = runs->list[r].first; n <= runs->list[r].last;
		     n++) {
			uint32_t class = class_of[n];

			if (seen[class] == question)
				continue;
			seen[class] = question;
			found[count++] = class;
		}
	}
	return make_runs(arena, found, count);
}

static int translate(struct arena *arena, const struct runs *const *questions,
		     size_t count, struct partition *partition)
{
	OWN_MEM uint32_t *seen =
		calloc(partition->class_count + 1, sizeof(*seen));
	OWN_MEM uint32_t *found =
		calloc(partition->class_count + 1, sizeof(*found));

	partition->questions =
		arena_alloc(arena, (count + 1) * sizeof(*partition->questions));
	if (!seen || !found || !partition->questions)
		return -ENOMEM;
	for (size_t q = 0; q < count; q++) {
		partition->questions[q] =
			to_classes(arena, questions[q], partition->class_of,
				   seen, q + 1, found);
		if (!partition->questions[q])
			return -ENOMEM;
	}
	return 0;
}

static bool is_too_much(const struct runs *const *questions, size_t count)
{
	size_t work = 0;

	for (size_t q = 0; q < count; q++) {
		work += runs_size(questions[q]);
		if (work > PARTITION_WORK_MAX)
			return true;
	}
	return false;
}

int partition_make(struct arena *arena, size_t size,
		   const struct runs *const *questions, size_t count,
		   struct partition *out)
{
	struct splitter splitter = { 0 };
	int result;

	if (is_too_much(questions, count))
		return -E2BIG;
	splitter.class_of = arena_alloc(arena, (size + 1) * sizeof(uint32_t));
	result = splitter.class_of ? add_class(&splitter) : -ENOMEM;
	for (size_t q = 0; q < count && !result; q++)
		result = split(&splitter, questions[q], q + 1);
	if (!result) {
		*out = (struct partition){
			.class_of = splitter.class_of,
			.size = size,
			.class_count = renumber(&splitter, size),
		};
		result = translate(arena, questions, count, out);
	}
	free(splitter.asked);
	free(splitter.yes);
	return result;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "bpf/tables.h"
#include "bpf/target.h"

void tables_free(struct tables *tables)
{
	free(tables->list);
	*tables = TABLES_INIT;
}

static size_t align(size_t size)
{
	return (size + TABLE_ALIGN - 1) / TABLE_ALIGN * TABLE_ALIGN;
}

size_t tables_size(const struct tables *tables)
{
	const struct tables_entry *last;

	if (!tables->count)
		return 0;
	last = &tables->list[tables->count - 1];
	return align(last->offset + (size_t)last->element * last->count);
}

uint32_t tables_add(struct tables *tables, const char *name, uint32_t element,
		    uint32_t count, const void *data)
{
	size_t offset = tables_size(tables);

	assert(count > 0 && element <= 32 && !(element & (element - 1)));
	if (tables->count == tables->room) {
		size_t room = tables->room ? tables->room * 2 : 16;
		struct tables_entry *list =
			reallocarray(tables->list, room, sizeof(*list));

		if (!list) {
			tables->has_failed = true;
			return 0;
		}
		tables->list = list;
		tables->room = room;
	}
	tables->list[tables->count] = (struct tables_entry){
		.name = name,
		.element = element,
		.count = count,
		.offset = offset,
		.data = data,
	};
	return tables->count++;
}

static uint32_t element_for(uint32_t highest)
{
	return highest <= UINT8_MAX ? 1 : highest <= UINT16_MAX ? 2 : 4;
}

/* Little end first, as all processors that load the programs have it. */
static void put(uint8_t *at, uint32_t element, uint32_t number)
{
	switch (element) {
	case 1:
		*at = number;
		break;
	case 2:
		*(uint16_t *)at = number;
		break;
	default:
		*(uint32_t *)at = number;
	}
}

uint32_t tables_add_numbers(struct tables *tables, struct arena *arena,
			    const char *name, const uint32_t *numbers,
			    uint32_t count)
{
	uint32_t highest = 0, element;
	uint8_t *data;

	for (uint32_t i = 0; i < count; i++)
		highest = numbers[i] > highest ? numbers[i] : highest;
	element = element_for(highest);
	data = arena_alloc(arena, (size_t)element * count);
	if (!data) {
		tables->has_failed = true;
		return 0;
	}
	for (uint32_t i = 0; i < count; i++)
		put(data + (size_t)i * element, element, numbers[i]);
	return tables_add(tables, name, element, count, data);
}

/* The verifier sees the bound, and each table is read only within itself. */
static void find_directly(struct code *code, const struct tables_entry *table,
			  uint32_t number, uint8_t index, uint32_t length,
			  uint32_t miss)
{
	code_branch(code, CODE_64, BPF_JGT, index, table->count - length, miss);
	code_move_reg(code, BPF_REG_0, index);
	if (table->element > 1)
		code_math(code, CODE_64, BPF_LSH, BPF_REG_0,
			  __builtin_ctz(table->element));
	code_map(code, BPF_REG_5, BPF_PSEUDO_MAP_IDX_VALUE, number);
	code_math_reg(code, CODE_64, BPF_ADD, BPF_REG_0, BPF_REG_5);
}

static void find_by_helper(struct code *code, uint32_t number, uint8_t index,
			   uint32_t miss)
{
	code_store(code, BPF_W, BPF_REG_10, index, TABLE_STACK);
	code_map(code, BPF_REG_1, BPF_PSEUDO_MAP_IDX, number);
	code_move_reg(code, BPF_REG_2, BPF_REG_10);
	code_math(code, CODE_64, BPF_ADD, BPF_REG_2, TABLE_STACK);
	code_call(code, BPF_FUNC_map_lookup_elem);
	code_branch(code, CODE_64, BPF_JEQ, BPF_REG_0, 0, miss);
}

void tables_find_run(struct code *code, const struct tables *tables,
		     const struct target *target, uint32_t number,
		     uint8_t index, uint32_t length, uint32_t miss)
{
	const struct tables_entry *table;

	if (tables->has_failed)
		return;
	assert(number < tables->count);
	table = &tables->list[number];
	assert(table->count <= INT32_MAX && length <= table->count);
	if (target->has_direct_values) {
		find_directly(code, table, number, index, length, miss);
		return;
	}
	assert(length == 1);
	find_by_helper(code, number, index, miss);
}

void tables_find(struct code *code, const struct tables *tables,
		 const struct target *target, uint32_t number, uint8_t index,
		 uint32_t miss)
{
	tables_find_run(code, tables, target, number, index, 1, miss);
}

static uint8_t load_size(uint32_t element)
{
	switch (element) {
	case 1:
		return BPF_B;
	case 2:
		return BPF_H;
	case 4:
		return BPF_W;
	default:
		return BPF_DW;
	}
}

void tables_load(struct code *code, const struct tables *tables,
		 const struct target *target, uint32_t number, uint8_t index,
		 uint32_t miss)
{
	tables_find(code, tables, target, number, index, miss);
	if (!tables->has_failed)
		code_load(code, load_size(tables->list[number].element),
			  BPF_REG_0, BPF_REG_0, 0);
}

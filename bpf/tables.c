// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <stdlib.h>

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

/* The verifier sees the bound, and each table is read only within itself. */
static void find_directly(struct code *code, const struct tables_entry *table,
			  uint32_t number, uint8_t index, uint32_t miss)
{
	code_branch(code, CODE_64, BPF_JGT, index, table->count - 1, miss);
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

void tables_find(struct code *code, const struct tables *tables,
		 const struct target *target, uint32_t number, uint8_t index,
		 uint32_t miss)
{
	if (tables->has_failed)
		return;
	assert(number < tables->count && index != BPF_REG_0);
	assert(tables->list[number].count <= INT32_MAX);
	if (target->has_direct_values)
		find_directly(code, &tables->list[number], number, index, miss);
	else
		find_by_helper(code, number, index, miss);
}

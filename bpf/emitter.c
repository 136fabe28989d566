// SPDX-License-Identifier: GPL-2.0-only
#include "base/arena.h"
#include "bpf/emitter.h"

struct emitter_mark emitter_mark(const struct emitter *emitter)
{
	return (struct emitter_mark){
		.code = code_mark(&emitter->code),
		.table_count = emitter->tables.count,
		.cost = emitter->cost,
		.stack = emitter->stack,
	};
}

void emitter_rewind(struct emitter *emitter, const struct emitter_mark *mark)
{
	code_rewind(&emitter->code, &mark->code);
	emitter->tables.count = mark->table_count;
	emitter->cost = mark->cost;
	emitter->stack = mark->stack;
}

int16_t emitter_slot(struct emitter *emitter)
{
	emitter->stack -= 8;
	return emitter->stack;
}

void emitter_save(struct emitter *emitter, uint8_t reg, int16_t slot)
{
	code_store(&emitter->code, BPF_DW, BPF_REG_10, reg, slot);
}

void emitter_restore(struct emitter *emitter, uint8_t reg, int16_t slot)
{
	code_load(&emitter->code, BPF_DW, reg, BPF_REG_10, slot);
}

uint32_t emitter_table(struct emitter *emitter, const char *name,
		       const uint32_t *numbers, size_t count)
{
	return tables_add_numbers(&emitter->tables, emitter->arena, name,
				  numbers, count);
}

void emitter_load(struct emitter *emitter, uint32_t table, uint8_t index)
{
	const struct tables_entry *entry;

	tables_load(&emitter->code, &emitter->tables, emitter->target, table,
		    index, emitter->miss);
	if (emitter->tables.has_failed)
		return;
	entry = &emitter->tables.list[table];
	emitter_pay_read(emitter, (size_t)entry->element * entry->count);
	emitter_pay_insns(emitter, 7);
}

/*
 * What a read costs by where it is found (measured on an EPYC of 2020 with
 * tables of these sizes, facts in docs/bench.md).
 */
static double read_cost(size_t bytes)
{
	if (bytes <= 32 * 1024)
		return 0.4;
	if (bytes <= 512 * 1024)
		return 2;
	if (bytes <= 16 * 1024 * 1024)
		return 8;
	return 60;
}

void emitter_pay_read(struct emitter *emitter, size_t bytes)
{
	emitter->cost.hot += read_cost(1);
	emitter->cost.random += read_cost(bytes);
}

void emitter_pay_insns(struct emitter *emitter, double count)
{
	emitter->cost.hot += 0.06 * count;
	emitter->cost.random += 0.06 * count;
}

bool emitter_is_full(const struct emitter *emitter, size_t bytes)
{
	return tables_size(&emitter->tables) + bytes > emitter->max_bytes;
}

bool emitter_has_failed(const struct emitter *emitter)
{
	return code_has_failed(&emitter->code) || emitter->tables.has_failed;
}

void emitter_append(struct emitter *emitter, const struct emitter *other)
{
	code_append(&emitter->code, &other->code, emitter->tables.count);
	for (size_t i = 0; i < other->tables.count; i++) {
		const struct tables_entry *table = &other->tables.list[i];
		void *data = arena_copy(emitter->arena, table->data,
					(size_t)table->element * table->count);

		if (!data)
			emitter->tables.has_failed = true;
		if (emitter->tables.has_failed)
			return;
		tables_add(&emitter->tables, table->name, table->element,
			   table->count, data);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "bpf/maps.h"

#define NAME "wirewall_table"

void maps_free(struct maps *maps)
{
	if (!maps)
		return;
	for (size_t i = 0; i < maps->count; i++) {
		if (maps->fds[i] >= 0)
			close(maps->fds[i]);
	}
	free(maps->fds);
	free(maps);
}

static struct maps *maps_alloc(size_t count)
{
	OWN(maps) struct maps *maps = calloc(1, sizeof(*maps));

	if (!maps)
		return NULL;
	maps->fds = calloc(count + 1, sizeof(*maps->fds));
	if (!maps->fds)
		return NULL;
	for (size_t i = 0; i < count; i++)
		maps->fds[i] = -1;
	maps->count = count;
	return take(maps);
}

/*
 * One value that holds all tables: only an array of one element can be read
 * directly. Written through mmap, a thousand times faster than by elements.
 * (The kernel lets nobody map what it was told is BPF_F_RDONLY_PROG; the code
 * only reads all the same, and once frozen nobody else can write.)
 */
static int fill_directly(const struct tables *tables, int fd, size_t size)
{
	uint8_t *memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		return -errno;
	for (size_t i = 0; i < tables->count; i++) {
		const struct tables_entry *table = &tables->list[i];

		memcpy(memory + table->offset, table->data,
		       (size_t)table->element * table->count);
	}
	munmap(memory, size); /* a map that is mapped cannot be frozen */
	return bpf_map_freeze(fd);
}

static int make_one(const struct tables *tables, struct maps *maps)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_MMAPABLE);
	size_t size = tables_size(tables);

	if (size > INT32_MAX)
		return -E2BIG;
	maps->is_one = true;
	maps->fds[0] = bpf_map_create(BPF_MAP_TYPE_ARRAY, NAME, sizeof(__u32),
				      size, 1, &opts);
	return maps->fds[0] < 0 ? maps->fds[0]
				: fill_directly(tables, maps->fds[0], size);
}

/*
 * Values of maps are whole words, those of tables need not be. What is 0 need
 * not be written: a new map is.
 */
static int fill_by_elements(const struct tables_entry *table, int fd)
{
	static const uint8_t zero[32];
	const uint8_t *data = table->data;
	uint8_t value[32] = { 0 };
	int result = 0;

	assert(table->element <= sizeof(value));
	for (__u32 i = 0; i < table->count && !result; i++) {
		memcpy(value, data + (size_t)i * table->element,
		       table->element);
		if (memcmp(value, zero, table->element) != 0)
			result = bpf_map_update_elem(fd, &i, value, BPF_ANY);
	}
	return result;
}

static int make_each(const struct tables *tables, uint32_t ifindex,
		     struct maps *maps)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_ifindex = ifindex);
	int result = 0;

	for (size_t i = 0; i < tables->count && !result; i++) {
		const struct tables_entry *table = &tables->list[i];
		__u32 size = table->element < 4 ? 4 : table->element;

		maps->fds[i] =
			bpf_map_create(BPF_MAP_TYPE_ARRAY, NAME, sizeof(__u32),
				       size, table->count, &opts);
		if (maps->fds[i] < 0)
			result = maps->fds[i];
	}
	return result;
}

int maps_fill(const struct maps *maps, const struct tables *tables)
{
	int result = 0;

	for (size_t i = 0; !maps->is_one && i < tables->count && !result; i++)
		result = fill_by_elements(&tables->list[i], maps->fds[i]);
	return result;
}

int maps_make(const struct program *program, uint32_t ifindex,
	      struct maps **out)
{
	const struct tables *tables = &program->tables;
	bool is_one = program->target->has_direct_values;
	OWN(maps)
	struct maps *maps =
		maps_alloc(is_one && tables->count ? 1 : tables->count);
	int result = 0;

	assert(!is_one || !ifindex);
	if (!maps)
		return -ENOMEM;
	if (maps->count)
		result = is_one ? make_one(tables, maps)
				: make_each(tables, ifindex, maps);
	if (!result)
		*out = take(maps);
	return result;
}

static bool is_map(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW) &&
	       (insn->src_reg == BPF_PSEUDO_MAP_IDX ||
		insn->src_reg == BPF_PSEUDO_MAP_IDX_VALUE);
}

void maps_resolve(const struct maps *maps, const struct tables *tables,
		  struct bpf_insn *insns, size_t count)
{
	for (size_t i = 0; i + 1 < count; i++) {
		struct bpf_insn *insn = &insns[i];

		if (!is_map(insn))
			continue;
		assert((uint32_t)insn->imm < tables->count);
		if (maps->is_one) {
			assert(insn->src_reg == BPF_PSEUDO_MAP_IDX_VALUE);
			insn->src_reg = BPF_PSEUDO_MAP_VALUE;
			insn[1].imm = (int32_t)tables->list[insn->imm].offset;
			insn->imm = maps->fds[0];
		} else {
			assert(insn->src_reg == BPF_PSEUDO_MAP_IDX);
			insn->src_reg = BPF_PSEUDO_MAP_FD;
			insn->imm = maps->fds[insn->imm];
		}
		i++; /* its second half */
	}
}

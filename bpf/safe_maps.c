// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "bpf/safe_walk.h"

static uint32_t round8(uint32_t size)
{
	return (size + 7) & ~7u;
}

/* kernel/bpf/offload.c, bpf_map_offload_map_alloc(); offload.c,
 * nfp_bpf_map_alloc(): the first thing that is wrong. */
static void judge_map(struct walk *walk, size_t index, unsigned int before,
		      uint64_t entries_before)
{
	const struct safe_map *map = &walk->program->maps[index];
	const struct card_limits *card = walk->card;
	uint32_t element = round8(map->key_size) + round8(map->value_size);

#define WRONG(rule, ...)                                                       \
	walk_violation(walk, SAFE_##rule, SAFE_NOWHERE, index, __VA_ARGS__)
	if (map->is_global)
		WRONG(GLOBAL_DATA, "%.60s", map->name);
	else if (map->type != BPF_MAP_TYPE_ARRAY &&
		 map->type != BPF_MAP_TYPE_HASH)
		WRONG(MAP_TYPE, "%.60s: type %u", map->name, map->type);
	else if (!card->map_types)
		WRONG(MAP_FIRMWARE, "%.60s", map->name);
	else if (map->flags)
		WRONG(MAP_FLAGS, "%.60s: flags 0x%x", map->name, map->flags);
	else if (!(card->map_types & 1u << map->type))
		WRONG(MAP_TYPE, "%.60s: this card has no type %u", map->name,
		      map->type);
	else if (before >= card->max_maps)
		WRONG(MAP_COUNT, "%.60s: at most %u", map->name,
		      card->max_maps);
	else if (entries_before + map->max_entries > card->max_elems)
		WRONG(MAP_ENTRIES, "%.60s: %" PRIu64 " of at most %u",
		      map->name, entries_before + map->max_entries,
		      card->max_elems);
	else if (element > card->max_elem_sz)
		WRONG(MAP_ELEMENT, "%.60s: %u of at most %u bytes", map->name,
		      element, card->max_elem_sz);
	else if (map->key_size > card->max_key_sz)
		WRONG(MAP_KEY, "%.60s: %u of at most %u bytes", map->name,
		      map->key_size, card->max_key_sz);
	else if (map->value_size > card->max_val_sz)
		WRONG(MAP_VALUE, "%.60s: %u of at most %u bytes", map->name,
		      map->value_size, card->max_val_sz);
#undef WRONG
}

void maps_judge(struct walk *walk)
{
	const struct safe_program *program = walk->program;
	uint64_t entries = 0;
	unsigned int count = 0;

	for (size_t i = 0; i < program->map_count; i++) {
		/* It belongs to no card. */
		if (program->maps[i].type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			continue;
		judge_map(walk, i, count, entries);
		entries += program->maps[i].max_entries;
		count++;
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables in the card's memory: arrays and hashes, as the firmware keeps
 * them. Keys and values lie at multiples of eight.
 */
#include <linux/jhash.h>
#include <linux/vmalloc.h>

#include "tests/hw/nfpsim/sim.h"

struct entry {
	struct hlist_node node;
	u8 data[]; /* key, then value */
};

struct sim_map {
	u32 tid, type, key_size, value_size, max_entries;
	u32 count, bucket_count;
	u8 *array;
	struct hlist_head *buckets;
};

static struct sim_map *maps[1024];
static DEFINE_SPINLOCK(lock);

struct sim_map *sim_map(u32 tid)
{
	return tid < ARRAY_SIZE(maps) ? maps[tid] : NULL;
}

u32 sim_map_key_size(const struct sim_map *map)
{
	return map->key_size;
}

u32 sim_map_value_size(const struct sim_map *map)
{
	return map->value_size;
}

static u8 *value_of(struct sim_map *map, struct entry *entry)
{
	return entry->data + round_up(map->key_size, 8);
}

static u32 bucket_of(struct sim_map *map, const void *key)
{
	return jhash(key, map->key_size, 0) & (map->bucket_count - 1);
}

static struct entry *find(struct sim_map *map, const void *key)
{
	struct entry *entry;

	hlist_for_each_entry(entry, &map->buckets[bucket_of(map, key)],
			     node) if (!memcmp(entry->data, key,
					       map->key_size)) return entry;
	return NULL;
}

void *sim_map_lookup(struct sim_map *map, const void *key)
{
	struct entry *entry;

	if (!map)
		return NULL;
	if (map->array) {
		u32 index = *(u32 *)key;

		return index < map->max_entries
			       ? map->array +
					 (size_t)index *
						 round_up(map->value_size, 8)
			       : NULL;
	}
	entry = find(map, key);
	return entry ? value_of(map, entry) : NULL;
}

static int insert(struct sim_map *map, const void *key, const void *value)
{
	struct entry *entry;

	if (map->array || map->count >= map->max_entries)
		return -E2BIG;
	entry = kzalloc(sizeof(*entry) + round_up(map->key_size, 8) +
				round_up(map->value_size, 8),
			GFP_ATOMIC);
	if (!entry)
		return -ENOMEM;
	memcpy(entry->data, key, map->key_size);
	memcpy(value_of(map, entry), value, map->value_size);
	hlist_add_head(&entry->node, &map->buckets[bucket_of(map, key)]);
	map->count++;
	return 0;
}

int sim_map_update(struct sim_map *map, const void *key, const void *value,
		   u64 flags)
{
	void *old;
	int rc = 0;

	if (!map)
		return -EBADF;
	spin_lock_bh(&lock);
	old = sim_map_lookup(map, key);
	if (old && flags == BPF_NOEXIST)
		rc = -EEXIST;
	else if (old)
		memcpy(old, value, map->value_size);
	else if (flags == BPF_EXIST && !map->array)
		rc = -ENOENT;
	else
		rc = insert(map, key, value);
	spin_unlock_bh(&lock);
	return rc;
}

int sim_map_delete(struct sim_map *map, const void *key)
{
	struct entry *entry;

	if (!map || map->array)
		return -EINVAL;
	spin_lock_bh(&lock);
	entry = find(map, key);
	if (entry) {
		hlist_del(&entry->node);
		map->count--;
	}
	spin_unlock_bh(&lock);
	kfree(entry);
	return entry ? 0 : -ENOENT;
}

const void *sim_map_next(struct sim_map *map, const void *key, u32 *index)
{
	struct entry *entry;
	u32 bucket = 0;

	if (map->array) {
		*index = key && *(u32 *)key < map->max_entries ? *(u32 *)key + 1
							       : 0;
		return *index < map->max_entries ? index : NULL;
	}
	entry = key ? find(map, key) : NULL;
	if (entry) {
		if (entry->node.next)
			return hlist_entry(entry->node.next, struct entry, node)
				->data;
		bucket = bucket_of(map, key) + 1;
	}
	for (; bucket < map->bucket_count; bucket++)
		if (map->buckets[bucket].first)
			return hlist_entry(map->buckets[bucket].first,
					   struct entry, node)
				->data;
	return NULL;
}

int sim_map_alloc(u32 type, u32 key_size, u32 value_size, u32 max_entries,
		  u32 *tid)
{
	struct sim_map *map;
	u32 i;

	for (i = 1; i < ARRAY_SIZE(maps) && maps[i]; i++)
		;
	if (i == ARRAY_SIZE(maps))
		return -ENOMEM;
	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	map->type = type;
	map->key_size = key_size;
	map->value_size = value_size;
	map->max_entries = max_entries;
	map->tid = *tid = i;
	if (type == BPF_MAP_TYPE_ARRAY) {
		map->array =
			vzalloc((size_t)max_entries * round_up(value_size, 8));
	} else {
		map->bucket_count = roundup_pow_of_two(max(max_entries, 2u));
		map->buckets =
			vzalloc(map->bucket_count * sizeof(*map->buckets));
	}
	if (!map->array && !map->buckets) {
		kfree(map);
		return -ENOMEM;
	}
	maps[i] = map;
	return 0;
}

void sim_map_free(struct sim_map *map)
{
	struct hlist_node *next;
	struct entry *entry;
	u32 i;

	for (i = 0; i < map->bucket_count; i++)
		hlist_for_each_entry_safe(entry, next, &map->buckets[i], node)
			kfree(entry);
	maps[map->tid] = NULL;
	vfree(map->array);
	vfree(map->buckets);
	kfree(map);
}

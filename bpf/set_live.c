// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "bpf/load.h"
#include "bpf/refusal.h"
#include "bpf/set_live.h"
#include "bpf/set_maps.h"
#include "rules/ipset_draft.h"
#include "rules/ipset_element.h"

/* The program's three maps; -1: it has none. */
struct live_maps {
	int names, nodes, tuples;
	uint32_t count; /* of names */
};
#define LIVE_MAPS_NONE ((struct live_maps){ -1, -1, -1, 0 })

static void live_maps_close(const struct live_maps *maps)
{
	if (maps->names >= 0)
		close(maps->names);
	if (maps->nodes >= 0)
		close(maps->nodes);
	if (maps->tuples >= 0)
		close(maps->tuples);
}
#define OWN_LIVE_MAPS __attribute__((cleanup(live_maps_close)))

/* 0 and all of them, 0 and none, or -errno. */
static int find_maps(uint32_t prog_id, struct live_maps *out, struct err *err)
{
	OWN_FD int prog_fd = load_prog_fd(prog_id, err);
	uint32_t size;

	if (prog_fd < 0)
		return prog_fd;
	out->names = load_find_map(prog_fd, WIRE_SETS_NAME, BPF_MAP_TYPE_ARRAY,
				   sizeof(struct wire_set_name), &out->count);
	if (out->names == -ENOENT)
		return 0;
	out->nodes =
		load_find_map(prog_fd, WIRE_NODES_NAME,
			      BPF_MAP_TYPE_ARRAY_OF_MAPS, sizeof(__u32), &size);
	out->tuples =
		load_find_map(prog_fd, WIRE_TUPLES_NAME,
			      BPF_MAP_TYPE_ARRAY_OF_MAPS, sizeof(__u32), &size);
	if (out->names >= 0 && out->nodes >= 0 && out->tuples >= 0)
		return 0;
	return refusal_set(err, ENOENT,
			   "the kernel does not show the sets of the program",
			   "");
}

static int unreadable(const char *name, int errnum, struct err *err)
{
	return err_system(err, errnum, "the set %.31s cannot be read", name);
}

/* 1 and *@out, 0 behind the last, or -errno. */
static int read_name(const struct live_maps *maps, uint32_t index,
		     struct wire_set_name *out, struct err *err)
{
	if (maps->names < 0 || index >= maps->count)
		return 0;
	if (bpf_map_lookup_elem(maps->names, &index, out))
		return unreadable("?", errno, err);
	out->name[sizeof(out->name) - 1] = '\0';
	return *out->name != '\0';
}

static int outer_map(const struct live_maps *maps,
		     const struct wire_set_name *name)
{
	return name->part.kind == WIRE_SET_TUPLE ? maps->tuples : maps->nodes;
}

/* The id of the map that holds the set now, or -errno. */
static int64_t inner_id(const struct live_maps *maps,
			const struct wire_set_name *name)
{
	const __u32 index = name->part.map;
	__u32 id;

	if (bpf_map_lookup_elem(outer_map(maps, name), &index, &id))
		return -errno;
	return id;
}

/* An fd of that map and what the kernel tells of it, or -errno. */
static int open_inner(const struct live_maps *maps,
		      const struct wire_set_name *name,
		      struct bpf_map_info *info)
{
	int64_t id = inner_id(maps, name);
	__u32 size = sizeof(*info);

	if (id < 0)
		return id;
	OWN_FD int fd = bpf_map_get_fd_by_id(id);
	if (fd < 0)
		return fd;
	*info = (struct bpf_map_info){ 0 };
	if (bpf_obj_get_info_by_fd(fd, info, &size))
		return -errno;
	return take_fd(&fd);
}

static uint8_t value_bytes(const struct wire_set_name *name)
{
	if (name->part.kind == WIRE_SET_PORT)
		return 2;
	return name->part.family == FAMILY_IPV6 ? 16 : 4;
}

/* Add the values of a trie to @draft. */
static int read_nodes(const struct wire_set_name *name, int fd,
		      const struct bpf_map_info *info,
		      struct ipset_draft *draft)
{
	OWN(arena) struct arena *arena = arena_make();
	size_t size = (size_t)info->max_entries * sizeof(struct wire_set_node);
	struct set_trie trie = {
		.count = info->max_entries,
		.bytes = value_bytes(name),
		.direct = name->part.direct,
	};
	const struct set *values;

	if (!arena || info->value_size != sizeof(struct wire_set_node))
		return arena ? -EINVAL : -ENOMEM;
	void *memory = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	trie.nodes = memory;
	values = set_trie_read(arena, &trie);
	munmap(memory, size);
	if (!values)
		return -EINVAL;
	for (size_t i = 0; i < values->count; i++) {
		const struct ipset_span span = {
			.min = values->intervals[i].min,
			.max = values->intervals[i].max,
		};

		if (ipset_draft_span(draft, &span))
			return -ENOMEM;
	}
	return 0;
}

static int read_tuples(int fd, struct ipset_draft *draft)
{
	struct wire_set_key key;
	struct wire_set_value value;
	void *at = NULL;

	while (bpf_map_get_next_key(fd, at, &key) == 0) {
		at = &key;
		if (key.bits == WIRE_SET_LENGTHS)
			continue;
		if (bpf_map_lookup_elem(fd, &key, &value))
			return -errno;
		const struct ipset_tuple tuple = {
			.addr = (u128)key.addr_hi << 64 | key.addr_lo,
			.addr2 = (u128)key.second_hi << 64 | key.second_lo,
			.port = key.port,
			.proto = key.proto,
			.bits = key.bits,
			.is_nomatch = value.count,
		};

		if (ipset_draft_tuple(draft, &tuple))
			return -ENOMEM;
	}
	return errno == ENOENT ? 0 : -errno;
}

/* What is in the set now. */
static int read_content(const struct live_maps *maps,
			const struct wire_set_name *name,
			struct ipset_draft *draft)
{
	struct bpf_map_info info;
	OWN_FD int fd = open_inner(maps, name, &info);

	if (fd < 0)
		return fd;
	return name->part.kind == WIRE_SET_TUPLE
		       ? read_tuples(fd, draft)
		       : read_nodes(name, fd, &info, draft);
}

int set_live_list(uint32_t prog_id, struct set_live *out, size_t *count,
		  struct err *err)
{
	OWN_LIVE_MAPS struct live_maps maps = LIVE_MAPS_NONE;
	int result = find_maps(prog_id, &maps, err);

	*count = 0;
	while (result == 0 && *count < WIRE_PARTS_MAX) {
		struct set_live *live = &out[*count];
		struct bpf_map_info info;

		result = read_name(&maps, *count, &live->name, err);
		if (result <= 0)
			return result;

		__attribute__((cleanup(
			ipset_draft_free))) struct ipset_draft draft = { 0 };
		result = read_content(&maps, &live->name, &draft);
		OWN_FD int fd =
			result ? result : open_inner(&maps, &live->name, &info);
		if (fd < 0)
			return unreadable(live->name.name, -fd, err);
		live->ranges = draft.span_count + draft.tuple_count;
		live->bytes = (uint64_t)info.max_entries *
			      (info.key_size + info.value_size);
		++*count;
	}
	return result;
}

/* Is the element an address of the other family than the set's? */
static bool is_foreign(const struct ipset *set, const char *element)
{
	size_t length = strcspn(element, ",");
	bool is_ipv6 = memchr(element, ':', length);

	return set->type != IPSET_BITMAP_PORT &&
	       is_ipv6 != (set->family == FAMILY_IPV6);
}

/* Add those elements that can be in the set; *@count says how many. */
static int add_elements(const struct set_change *change,
			struct ipset_draft *draft, size_t *count,
			struct err *err)
{
	for (size_t i = 0; i < change->element_count; i++) {
		const char *element = change->elements[i];
		int result;

		if (is_foreign(draft->set, element))
			continue;
		result = ipset_element_add(draft, element, false, err);
		if (result)
			return result;
		++*count;
	}
	return 0;
}

/* Take @minus out of @set; tuples one by one, as ipset del does. */
static int take_away(struct arena *arena, struct ipset *set,
		     const struct ipset *minus)
{
	const struct set *others = set_not(arena, minus->values, ~(u128)0);
	struct ipset_tuple *kept =
		arena_alloc(arena, (set->tuple_count + 1) * sizeof(*kept));
	size_t count = 0;

	if (!others || !kept)
		return -ENOMEM;
	set->values = set_and(arena, set->values, others);
	for (size_t i = 0; i < set->tuple_count; i++) {
		const struct ipset_tuple *tuple = &set->tuples[i];

		if (!bsearch(tuple, minus->tuples, minus->tuple_count,
			     sizeof(*tuple), ipset_tuple_compare))
			kept[count++] = *tuple;
	}
	set->tuples = kept;
	set->tuple_count = count;
	return set->values ? 0 : -ENOMEM;
}

static struct ipset empty_set(const struct wire_set_name *name)
{
	return (struct ipset){
		.name = name->name,
		.type_name = name->name,
		.type = name->type,
		.family = name->part.family,
		.host_bits = name->host_bits,
	};
}

/* One set on its way from its old content to the new one. */
struct changing {
	struct arena *arena;
	struct wire_set_name name;
	struct ipset set, minus;
	struct ipset_draft draft, minus_draft;
	size_t element_count; /* that are of the set's family */
	int fd;		      /* of the new map */
};

static void changing_free(struct changing *changing)
{
	ipset_draft_free(&changing->draft);
	ipset_draft_free(&changing->minus_draft);
	arena_free(changing->arena);
	if (changing->fd >= 0)
		close(changing->fd);
}

static int make_set(const struct live_maps *maps,
		    const struct set_change *change, struct changing *changing,
		    struct err *err)
{
	bool is_del = change->verb == SET_VERB_DEL;
	int result = 0;

	changing->set = changing->minus = empty_set(&changing->name);
	changing->draft.set = &changing->set;
	changing->minus_draft.set = &changing->minus;
	if (change->verb != SET_VERB_SWAP)
		result = read_content(maps, &changing->name, &changing->draft);
	if (result)
		return unreadable(change->name, -result, err);
	result =
		add_elements(change,
			     is_del ? &changing->minus_draft : &changing->draft,
			     &changing->element_count, err);
	if (result)
		return result;
	if (ipset_draft_finish(&changing->draft, changing->arena) ||
	    ipset_draft_finish(&changing->minus_draft, changing->arena) ||
	    (is_del &&
	     take_away(changing->arena, &changing->set, &changing->minus)))
		return err_no_memory(err);
	if (changing->set.length_count > WIRE_SET_LENGTHS_MAX)
		return err_input(err,
				 "the set %s would have networks of more than "
				 "%d lengths",
				 change->name, WIRE_SET_LENGTHS_MAX);
	return 0;
}

static int make_map(struct changing *changing, struct err *err)
{
	struct set_content content;

	if (set_content_make(changing->arena, &changing->set,
			     changing->name.part.direct, &content))
		return err_no_memory(err);
	changing->fd = set_map_make(changing->name.part.kind, &content);
	if (changing->fd >= 0)
		return 0;
	return refusal_set(err, -changing->fd,
			   "the kernel refused the new content of the set", "");
}

static int prepare(const struct live_maps *maps,
		   const struct set_change *change, struct changing *changing,
		   struct err *err)
{
	int result;

	changing->arena = arena_make();
	if (!changing->arena)
		return err_no_memory(err);
	result = make_set(maps, change, changing, err);
	return result ? result : make_map(changing, err);
}

struct all_changing {
	struct changing items[WIRE_PARTS_MAX];
	size_t count;
};

static void all_changing_free(struct all_changing *all)
{
	for (size_t i = 0; i < all->count; i++)
		changing_free(&all->items[i]);
	free(all);
}
OWN_DEFINE(all_changing)

static int find_named(const struct live_maps *maps, const char *name,
		      struct all_changing *all, struct err *err)
{
	struct wire_set_name found;
	int result;

	for (uint32_t i = 0; (result = read_name(maps, i, &found, err)) > 0;
	     i++) {
		if (!strcmp(found.name, name))
			all->items[all->count++] =
				(struct changing){ .name = found, .fd = -1 };
	}
	if (result == 0 && !all->count)
		return err_system(err, 0,
				  "the program asks no set %s: wirewall set "
				  "list tells which it does",
				  name);
	return result;
}

/* An element that no set of the name can have was not meant so. */
static int check_used(const struct set_change *change,
		      const struct all_changing *all, struct err *err)
{
	for (size_t i = 0; i < change->element_count; i++) {
		bool is_used = false;

		for (size_t j = 0; j < all->count; j++)
			is_used |= !is_foreign(&all->items[j].set,
					       change->elements[i]);
		if (!is_used)
			return err_input(err,
					 "'%.64s' is of another family than "
					 "the set %s",
					 change->elements[i], change->name);
	}
	return 0;
}

int set_live_change(uint32_t prog_id, const struct set_change *change,
		    struct err *err)
{
	OWN(all_changing) struct all_changing *all = calloc(1, sizeof(*all));
	OWN_LIVE_MAPS struct live_maps maps = LIVE_MAPS_NONE;
	int result = all ? find_maps(prog_id, &maps, err) : err_no_memory(err);

	if (result == 0)
		result = find_named(&maps, change->name, all, err);
	for (size_t i = 0; result == 0 && i < all->count; i++)
		result = prepare(&maps, change, &all->items[i], err);
	if (result == 0)
		result = check_used(change, all, err);
	for (size_t i = 0; result == 0 && i < all->count; i++) {
		const struct changing *changing = &all->items[i];
		const __u32 index = changing->name.part.map;

		if (bpf_map_update_elem(outer_map(&maps, &changing->name),
					&index, &changing->fd, BPF_ANY))
			result = refusal_set(err, errno,
					     "the kernel refused to put the "
					     "set in its place",
					     "");
	}
	return result;
}

int set_live_is_original(uint32_t prog_id, struct err *err)
{
	OWN_LIVE_MAPS struct live_maps maps = LIVE_MAPS_NONE;
	struct wire_set_name name;
	int result = find_maps(prog_id, &maps, err);

	for (uint32_t i = 0; result == 0; i++) {
		result = read_name(&maps, i, &name, err);
		if (result <= 0)
			return result < 0 ? result : 1;

		int64_t id = inner_id(&maps, &name);
		if (id < 0)
			return unreadable(name.name, -id, err);
		if (id != name.first_map)
			return 0;
		result = 0;
	}
	return result;
}

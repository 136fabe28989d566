// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "bpf/set_maps.h"

/* Elements that go to the kernel with one call. */
#define BATCH 4096

/* Written through mmap, a thousand times faster than by elements. */
static int make_nodes(const struct set_trie *trie)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts,
		    .map_flags = BPF_F_INNER_MAP | BPF_F_MMAPABLE);
	size_t size = trie->count * sizeof(*trie->nodes);
	OWN_FD int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "wirewall_set",
				       sizeof(__u32), sizeof(*trie->nodes),
				       trie->count, &opts);
	void *memory;

	if (fd < 0)
		return fd;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	memcpy(memory, trie->nodes, size);
	munmap(memory, size);
	return take_fd(&fd);
}

static int make_tuples(const struct set_content *content)
{
	OWN_FD int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "wirewall_set",
				       sizeof(struct wire_set_key),
				       sizeof(struct wire_set_value),
				       content->tuple_count, NULL);

	if (fd < 0)
		return fd;
	for (size_t i = 0; i < content->tuple_count; i += BATCH) {
		size_t left = content->tuple_count - i;
		__u32 count = left < BATCH ? left : BATCH;

		if (bpf_map_update_batch(fd, content->keys + i,
					 content->values + i, &count, NULL))
			return -errno;
	}
	return take_fd(&fd);
}

int set_map_make(enum wire_set_kind kind, const struct set_content *content)
{
	return kind == WIRE_SET_TUPLE ? make_tuples(content)
				      : make_nodes(&content->trie);
}

int set_maps_fill(const struct set_parts *parts, int nodes, int tuples,
		  int names)
{
	for (__u32 i = 0; i < parts->count; i++) {
		const struct set_part *part = &parts->items[i];
		struct wire_set_name name = part->name;
		enum wire_set_kind kind = name.part.kind;
		OWN_FD int fd = set_map_make(kind, &part->content);
		struct bpf_map_info info = { 0 };
		__u32 size = sizeof(info);

		if (fd < 0)
			return fd;
		if (bpf_obj_get_info_by_fd(fd, &info, &size))
			return -errno;
		name.first_map = info.id;
		if (bpf_map_update_elem(kind == WIRE_SET_TUPLE ? tuples : nodes,
					&i, &fd, BPF_ANY) ||
		    bpf_map_update_elem(names, &i, &name, BPF_ANY))
			return -errno;
	}
	return bpf_map_freeze(names);
}

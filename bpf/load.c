// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/own.h"
#include "bpf/capture.h"
#include "bpf/expiry.h"
#include "bpf/loading.h"
#include "bpf/maps.h"
#include "bpf/refusal.h"
#include "bpf/set_maps.h"
#include "bpf/splice.h"
#include "frame.skel.h"

#define REFUSED "the kernel refused the program"

static void frame_free(struct frame *frame)
{
	frame__destroy(frame);
}
OWN_DEFINE(frame)

void loaded_free(struct loaded *loaded)
{
	if (!loaded)
		return;
	if (loaded->prog_fd >= 0)
		close(loaded->prog_fd);
	free(loaded);
}

/* Without sets the code that asks them is never reached. */
static void set_up_sets(struct frame *frame, const struct set_parts *parts)
{
	bool has_sets = parts->count > 0;

	frame->rodata->set_part_count = parts->count;
	for (size_t i = 0; i < parts->count; i++)
		memcpy((void *)&frame->rodata->set_parts[i],
		       &parts->items[i].name.part,
		       sizeof(frame->rodata->set_parts[i]));
	bpf_map__set_autocreate(frame->maps.wirewall_nodes, has_sets);
	bpf_map__set_autocreate(frame->maps.wirewall_tuples, has_sets);
	bpf_map__set_autocreate(frame->maps.wirewall_sets, has_sets);
}

/* Everything that must be set before the kernel sees it. 0 or -errno. */
static int frame_set_up(struct frame *frame, const struct program *program,
			const struct load_options *options)
{
	struct bpf_program *prog = frame->progs.wirewall;
	int result;

	memcpy((void *)&frame->rodata->settings, &program->settings,
	       sizeof(program->settings));
	set_up_sets(frame, &program->sets);
	frame->rodata->can_expire = options->expires > 0;
	bpf_map__set_autocreate(frame->maps.wirewall_expiry, options->expires);
	result = bpf_map__set_max_entries(frame->maps.outcomes,
					  program->outcome_count);
	if (!result && program->rule_count)
		result = bpf_map__set_max_entries(frame->maps.wirewall_drops,
						  program->rule_count);
	if (!result && options->frags)
		result = bpf_program__set_flags(prog, BPF_F_XDP_HAS_FRAGS);
	return result;
}

struct wire_meta loading_meta(const struct program *program,
			      const struct load_options *options)
{
	struct wire_meta meta = {
		.magic = WIRE_META_MAGIC,
		.version = WIRE_META_VERSION,
		.rule_count = program->rule_count,
		.tier = options->tier,
		.is_shadow = program->settings.is_shadow,
		.has_frags = options->frags,
	};

	memcpy(meta.digest, options->digest, sizeof(meta.digest));
	return meta;
}

/* All in one call where the kernel can (Linux 5.6), or one by one. */
static int fill_outcomes(int fd, const struct program *program)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	OWN_MEM __u32 *keys = calloc(program->outcome_count, sizeof(*keys));
	__u32 count = program->outcome_count;
	int result = 0;

	if (!keys)
		return -ENOMEM;
	for (__u32 i = 0; i < count; i++)
		keys[i] = i;
	if (!bpf_map_update_batch(fd, keys, program->outcomes, &count, &opts))
		return 0;
	for (__u32 i = 0; i < program->outcome_count && !result; i++)
		result = bpf_map_update_elem(fd, &i, &program->outcomes[i],
					     BPF_ANY);
	return result;
}

/* The tables that the program only reads, never to change again. */
static int fill_tables(const struct frame *frame, const struct program *program,
		       const struct load_options *options)
{
	int outcomes = bpf_map__fd(frame->maps.outcomes);
	int meta_fd = bpf_map__fd(frame->maps.wirewall_meta);
	const struct wire_meta meta = loading_meta(program, options);
	const __u32 first = 0;
	int result = fill_outcomes(outcomes, program);

	if (!result)
		result = bpf_map_update_elem(meta_fd, &first, &meta, BPF_ANY);
	if (!result && program->sets.count)
		result = set_maps_fill(&program->sets,
				       bpf_map__fd(frame->maps.wirewall_nodes),
				       bpf_map__fd(frame->maps.wirewall_tuples),
				       bpf_map__fd(frame->maps.wirewall_sets));
	if (!result && options->expires)
		result = expiry_fill(bpf_map__fd(frame->maps.wirewall_expiry),
				     options->expires);
	if (!result)
		result = bpf_map_freeze(outcomes);
	if (!result)
		result = bpf_map_freeze(meta_fd);
	return result;
}

/* No code refers to it; 5.10 and later can bind it all the same. */
static int bind_map(const struct frame *frame, const struct bpf_map *map)
{
	return bpf_prog_bind_map(bpf_program__fd(frame->progs.wirewall),
				 bpf_map__fd(map), NULL);
}

/* 0 or -errno, with what libbpf had to say in @log. */
static int frame_load(const struct program *program,
		      const struct load_options *options, struct frame **out,
		      struct buf *log)
{
	OWN(frame) struct frame *frame = NULL;
	OWN(maps) struct maps *maps = NULL;
	int result = maps_make(program, 0, &maps);

	if (result)
		return result;
	capture_begin(log);
	result = splice_begin(program, maps);
	if (!result) {
		frame = frame__open();
		result = frame ? frame_set_up(frame, program, options) : -errno;
		if (!result)
			result = frame__load(frame);
	}
	splice_end();
	if (!result)
		result = maps_fill(maps, &program->tables);
	if (!result)
		result = fill_tables(frame, program, options);
	if (!result)
		result = bind_map(frame, frame->maps.wirewall_meta);
	if (!result && program->sets.count)
		result = bind_map(frame, frame->maps.wirewall_sets);
	capture_end();
	if (!result)
		*out = take(frame);
	return result;
}

static int describe(int prog_fd, struct loaded *loaded)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int result = bpf_obj_get_info_by_fd(prog_fd, &info, &size);

	if (result)
		return result;
	/*
	 * When libbpf's probe for names fails, of too little memory say, it
	 * leaves out all names, and nobody could tell the program as ours.
	 */
	if (strcmp(info.name, WIRE_PROGRAM_NAME) != 0)
		return -ENOMSG;
	loaded->prog_id = info.id;
	memcpy(loaded->tag, info.tag, sizeof(loaded->tag));
	loaded->prog_fd = fcntl(prog_fd, F_DUPFD_CLOEXEC, 0);
	return loaded->prog_fd < 0 ? -errno : 0;
}

int loading_keep(int prog_fd, struct loaded *loaded, struct err *err)
{
	int result = describe(prog_fd, loaded);

	if (result == -ENOMSG)
		return err_system(err, EAGAIN,
				  "the program was loaded without its name, by "
				  "which it would be found again: try again");
	return result ? refusal_set(err, -result, "the loaded program is gone",
				    "")
		      : 0;
}

static int load_host(const struct program *program,
		     const struct load_options *options, struct loaded *loaded,
		     struct err *err)
{
	OWN(frame) struct frame *frame = NULL;
	OWN_BUF struct buf log = BUF_INIT;
	struct kernel_features kernel;
	int result = frame_load(program, options, &frame, &log);

	if (result && result != -EPERM) {
		kernel_features_probe(&kernel);
		if (!kernel.has_btf)
			return err_system(
				err, EOPNOTSUPP,
				"the program needs the kernel's type "
				"information, and there is no " VMLINUX_BTF
				": use a kernel with CONFIG_DEBUG_INFO_BTF");
	}
	if (result)
		return refusal_set(err, -result, REFUSED, buf_text(&log));
	return loading_keep(bpf_program__fd(frame->progs.wirewall), loaded,
			    err);
}

int load_program(const struct program *program,
		 const struct load_options *options, struct loaded **out,
		 struct err *err)
{
	OWN(loaded) struct loaded *loaded = calloc(1, sizeof(*loaded));

	if (!loaded)
		return err_no_memory(err);
	loaded->prog_fd = -1;
	loaded->has_frags = options->frags;

	int result = options->is_card
			     ? loading_card(program, options, loaded, err)
			     : load_host(program, options, loaded, err);
	if (result)
		return result;
	*out = take(loaded);
	return 0;
}

int load_prog_fd(uint32_t prog_id, struct err *err)
{
	int fd = bpf_prog_get_fd_by_id(prog_id);

	if (fd >= 0)
		return fd;
	if (fd == -ENOENT)
		return err_system(err, ENOENT, "there is no BPF program %u",
				  prog_id);
	return refusal_set(err, -fd, "the kernel does not show its programs",
			   "");
}

#define MAPS_MAX 64 /* of one program: MAX_USED_MAPS of the kernel */

int load_find_map(int prog_fd, const char *name, uint32_t type,
		  uint32_t value_size, uint32_t *size)
{
	__u32 ids[MAPS_MAX] = { 0 };
	struct bpf_prog_info prog = {
		.nr_map_ids = MAPS_MAX,
		.map_ids = (uintptr_t)ids,
	};
	__u32 prog_size = sizeof(prog);
	int result = bpf_obj_get_info_by_fd(prog_fd, &prog, &prog_size);

	for (__u32 i = 0; !result && i < prog.nr_map_ids && i < MAPS_MAX; i++) {
		OWN_FD int fd = bpf_map_get_fd_by_id(ids[i]);
		struct bpf_map_info map = { 0 };
		__u32 map_size = sizeof(map);

		if (fd < 0)
			return fd;
		result = bpf_obj_get_info_by_fd(fd, &map, &map_size);
		if (result || strcmp(map.name, name) != 0 || map.type != type ||
		    map.value_size != value_size)
			continue;
		*size = map.max_entries;
		return take_fd(&fd);
	}
	return result ? result : -ENOENT;
}

int load_open_array(uint32_t prog_id, const char *name, uint32_t value_size,
		    const char *absent, const char *hidden, struct err *err)
{
	OWN_FD int prog_fd = load_prog_fd(prog_id, err);
	uint32_t size;

	if (prog_fd < 0)
		return prog_fd;
	int fd = load_find_map(prog_fd, name, BPF_MAP_TYPE_ARRAY, value_size,
			       &size);
	if (fd == -ENOENT)
		return err_system(err, ENOENT, "program %u %s", prog_id,
				  absent);
	return fd < 0 ? refusal_set(err, -fd, hidden, "") : fd;
}

/* 1, 0, or -errno when the kernel does not say. */
static int has_our_name(int prog_fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(prog_fd, &info, &size))
		return -errno;
	return info.type == BPF_PROG_TYPE_XDP &&
	       strcmp(info.name, WIRE_PROGRAM_NAME) == 0;
}

int load_is_ours(uint32_t prog_id, struct wire_meta *meta, struct err *err)
{
	OWN_FD int prog_fd = load_prog_fd(prog_id, err);
	const __u32 first = 0;
	struct wire_meta found;
	__u32 size;

	if (prog_fd < 0)
		return prog_fd;

	int is_named = has_our_name(prog_fd);
	if (is_named < 0)
		return refusal_set(err, -is_named,
				   "the kernel does not show its name", "");
	if (!is_named)
		return 0;

	OWN_FD int fd = load_find_map(prog_fd, WIRE_META_NAME,
				      BPF_MAP_TYPE_ARRAY, sizeof(found), &size);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return refusal_set(err, -fd,
				   "the kernel does not show its maps", "");
	if (bpf_map_lookup_elem(fd, &first, &found))
		return err_system(err, errno,
				  "the map " WIRE_META_NAME
				  " of program %u cannot be read",
				  prog_id);
	if (found.magic != WIRE_META_MAGIC ||
	    found.version != WIRE_META_VERSION)
		return 0;
	*meta = found;
	return 1;
}

/*
 * An fd of the drop counters, *@values of the kernel's for each of them: the
 * host's have one for each of @cpus processors, a card's have one.
 */
static int find_drops(int prog_fd, size_t cpus, __u32 *count, size_t *values)
{
	int fd = load_find_map(prog_fd, WIRE_DROPS_NAME,
			       BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(uint64_t),
			       count);

	*values = cpus;
	if (fd != -ENOENT)
		return fd;
	*values = 1;
	return load_find_map(prog_fd, WIRE_DROPS_NAME, BPF_MAP_TYPE_ARRAY,
			     sizeof(uint64_t), count);
}

int load_read_drops(uint32_t prog_id, uint64_t *drops, size_t count,
		    struct err *err)
{
	OWN_FD int prog_fd = load_prog_fd(prog_id, err);
	int cpus = libbpf_num_possible_cpus();
	size_t per_counter;
	__u32 size;

	if (prog_fd < 0)
		return prog_fd;
	if (cpus < 0)
		return err_system(err, -cpus,
				  "the number of processors cannot be read");

	OWN_MEM uint64_t *values = calloc(cpus, sizeof(*values));
	OWN_FD int fd = find_drops(prog_fd, cpus, &size, &per_counter);
	if (!values)
		return err_no_memory(err);
	if (fd < 0)
		return refusal_set(err, -fd,
				   "the program's drop counters are not to be "
				   "had",
				   "");
	if (count > size)
		return err_system(err, ERANGE,
				  "program %u has %u drop counters, not %zu",
				  prog_id, size, count);
	for (__u32 i = 0; i < count; i++) {
		if (bpf_map_lookup_elem(fd, &i, values))
			return err_system(err, errno,
					  "drop counter %u cannot be read", i);
		drops[i] = 0;
		for (size_t v = 0; v < per_counter; v++)
			drops[i] += values[v];
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "bpf/capture.h"
#include "bpf/object_elf.h"

/* Objects have kilobytes. */
#define SIZE_MAX_READ (64u << 20)

static void program_release(struct object_program *program)
{
	free(program->insns);
	free(program->origins);
	free(program->functions);
}

void object_free(struct object *object)
{
	if (!object)
		return;
	for (size_t i = 0; i < object->program_count; i++)
		program_release(&object->programs[i]);
	free(object->programs);
	free(object->maps);
	object_lines_free(object->lines);
	btf__free(object->btf);
	if (object->elf)
		object_elf_close(object->elf);
	free(object->elf);
	free(object->bytes);
	free(object);
}

const struct btf_type *object_type(const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	for (int i = 0; i < 32 && type; i++) {
		if (!btf_is_mod(type) && !btf_is_typedef(type))
			return type;
		type = btf__type_by_id(btf, type->type);
	}
	return NULL;
}

/* Without types there are no lines, and no maps. */
static int btf_read(struct object *object, const struct object_elf *elf,
		    struct err *err)
{
	OWN_BUF struct buf said = BUF_INIT;
	long result = 0;

	for (size_t i = 1; i < elf->section_count && !result; i++) {
		const struct elf_section *section = &elf->sections[i];

		if (strcmp(section->name, ".BTF") || !section->bytes ||
		    object->btf)
			continue;
		capture_begin(&said);
		object->btf = btf__new(section->bytes, section->size);
		result = libbpf_get_error(object->btf);
		capture_end();
	}
	if (!result)
		return 0;
	object->btf = NULL;
	return err_input(err, "its types (.BTF) are damaged");
}

static bool is_xdp(const char *section)
{
	OWN_BUF struct buf said = BUF_INIT;
	enum bpf_attach_type attach;
	enum bpf_prog_type type;
	int result;

	capture_begin(&said);
	result = libbpf_prog_type_by_name(section, &type, &attach);
	capture_end();
	return !result && type == BPF_PROG_TYPE_XDP;
}

static int program_add(struct object *object, const struct object_elf *elf,
		       const GElf_Sym *symbol, struct err *err)
{
	struct object_program *more =
		reallocarray(object->programs, object->program_count + 1,
			     sizeof(*more));
	struct object_program *program;

	if (!more)
		return err_no_memory(err);
	object->programs = more;
	program = &more[object->program_count++];
	*program = (struct object_program){
		.name = object_elf_symbol_name(elf, symbol),
		.section = elf->sections[symbol->st_shndx].name,
		.safe.maps = object->maps,
		.safe.map_count = object->map_count,
	};
	/* libbpf says so only when it loads. */
	if (!strncmp(program->section, "xdp.frags", 9))
		program->safe.flags = BPF_F_XDP_HAS_FRAGS;
	return object_link(object, elf, program, symbol, err);
}

/* Every function in a section of XDP programs is one. */
static int programs_read(struct object *object, const struct object_elf *elf,
			 struct err *err)
{
	GElf_Sym symbol;
	int result = 0;

	for (size_t i = 0; object_elf_symbol(elf, i, &symbol) && !result; i++) {
		if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC ||
		    symbol.st_shndx >= elf->section_count ||
		    !elf->sections[symbol.st_shndx].is_code ||
		    !is_xdp(elf->sections[symbol.st_shndx].name))
			continue;
		result = program_add(object, elf, &symbol, err);
	}
	if (!result && !object->program_count)
		return err_input(err,
				 "there is no XDP program in it; expected a "
				 "function in a section named xdp");
	return result;
}

static int parse(struct object *object, size_t size, struct err *err)
{
	struct object_elf *elf = calloc(1, sizeof(*elf));
	int result;

	if (!elf)
		return err_no_memory(err);
	object->elf = elf;
	result = object_elf_open(object->bytes, size, elf, err);
	if (!result)
		result = btf_read(object, elf, err);
	if (!result)
		result = object_maps_read(object, elf, err);
	if (!result)
		result = programs_read(object, elf, err);
	return result ? result : object_lines_read(object, elf, err);
}

int object_parse(const void *bytes, size_t size, const char *name,
		 struct object **out, struct err *err)
{
	OWN(object) struct object *object = calloc(1, sizeof(*object));
	int result;

	if (!object)
		return err_no_memory(err);
	object->bytes = malloc(size + 1);
	if (!object->bytes)
		return err_no_memory(err);
	memcpy(object->bytes, bytes, size);
	result = parse(object, size, err);
	if (result) {
		err_where(err, "%s", name);
		return result;
	}
	*out = take(object);
	return 0;
}

static int read_all(int fd, char *to, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t count = read(fd, to + done, size - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count ? -errno : -EIO; /* it shrank */
		done += count;
	}
	return 0;
}

int object_read(const char *path, struct object **out, struct err *err)
{
	OWN_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	OWN_MEM char *bytes = NULL;
	struct stat stat;
	int result;

	if (fd < 0 || fstat(fd, &stat))
		return err_set(err, ERR_INPUT, errno, "cannot read %s: %s",
			       path, strerror(errno));
	if (!S_ISREG(stat.st_mode) || stat.st_size > SIZE_MAX_READ)
		return err_input(err, "%s is no file of an object's size",
				 path);
	bytes = malloc(stat.st_size + 1);
	if (!bytes)
		return err_no_memory(err);
	result = read_all(fd, bytes, stat.st_size);
	if (result)
		return err_set(err, ERR_INPUT, -result, "cannot read %s: %s",
			       path, strerror(-result));
	return object_parse(bytes, stat.st_size, path, out, err);
}

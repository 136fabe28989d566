/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * An object file with XDP programs, read as the judge wants it (bpf/safe.h):
 * each program with the functions that it calls, maps by number, and the line
 * of the source behind each instruction. The kernel is not asked.
 */
#include "bpf/safe.h"

struct btf;

/* Where an instruction came from. */
struct object_origin {
	uint32_t section;
	uint32_t offset; /* bytes */
};

struct object_program {
	const char *name, *section;
	struct safe_program safe; /* its maps are the object's */
	struct object_origin *origins;
	struct bpf_insn *insns;
	struct safe_function *functions;
};

struct object {
	struct object_program *programs;
	size_t program_count;
	size_t insn_count; /* of all of them, at most a million */
	struct safe_map *maps;
	size_t map_count;
	/* What the rest points into. */
	void *bytes;
	struct object_elf *elf;
	struct btf *btf; /* NULL: built without -g */
	struct object_lines *lines;
};

/* 0 and *@out, freed with object_free(); -errno and a sentence: not an object,
 * or one without XDP programs. */
int object_read(const char *path, struct object **out, struct err *err);
/* The same of bytes in memory, which are copied. @name: for the sentences. */
int object_parse(const void *bytes, size_t size, const char *name,
		 struct object **out, struct err *err);
void object_free(struct object *object);
OWN_DEFINE(object)

struct object_line {
	const char *file, *text; /* text: of the line, or "" */
	unsigned int line;
};

/* false: it was built without -g. */
bool object_find_line(const struct object *object,
		      const struct object_program *program, size_t insn,
		      struct object_line *out);

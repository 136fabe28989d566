/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The ELF file below an object: its sections, and which symbol each instruction
 * of a section refers to.
 */
#include <gelf.h>

#include "bpf/object.h"

struct elf_section {
	const char *name;
	const uint8_t *bytes;
	size_t size;
	bool is_code;
	bool is_data;	   /* has something in it */
	uint32_t *symbols; /* of each instruction; 0: refers to none */
};

/* Where a function begins, and its symbol. */
struct elf_function {
	size_t section, offset, symbol;
};

struct object_elf {
	Elf *elf;
	struct elf_section *sections; /* by number; 0 is none */
	size_t section_count;
	Elf_Data *symbol_data; /* NULL: there are none */
	size_t symbol_count, symbol_names;
	struct elf_function *functions; /* by section, offset, symbol */
	size_t function_count;
};

/* object_link.c, object_maps.c, object_lines.c: the parts of object_parse(). */
int object_link(struct object *object, const struct object_elf *elf,
		struct object_program *program, const GElf_Sym *symbol,
		struct err *err);
int object_maps_read(struct object *object, const struct object_elf *elf,
		     struct err *err);
int object_lines_read(struct object *object, const struct object_elf *elf,
		      struct err *err);
void object_lines_free(struct object_lines *lines);

/* The type behind typedefs and qualifiers, or NULL. */
struct btf_type;
const struct btf_type *object_type(const struct btf *btf, uint32_t id);

/* @bytes must outlive it. 0 or -errno with a sentence. */
int object_elf_open(const void *bytes, size_t size, struct object_elf *out,
		    struct err *err);
void object_elf_close(struct object_elf *elf);

/* false: there is none of this number. */
bool object_elf_symbol(const struct object_elf *elf, size_t number,
		       GElf_Sym *out);
/* "" without one. */
const char *object_elf_symbol_name(const struct object_elf *elf,
				   const GElf_Sym *symbol);
/* The function that begins there. */
bool object_elf_function(const struct object_elf *elf, size_t section,
			 size_t offset, GElf_Sym *out);

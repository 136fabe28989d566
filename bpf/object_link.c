// SPDX-License-Identifier: GPL-2.0-only
/*
 * One program: its own instructions, then those of each function that it calls,
 * once; what refers to maps and functions by symbol does so by number.
 */
#include <bpf/btf.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "bpf/object_elf.h"

/* As the kernel's verifier; of all programs together, which may share
 * functions without an end. */
#define INSNS_MAX 1000000

struct link {
	const struct object *object;
	const struct object_elf *elf;
	struct object_program *program;
	size_t *keys; /* section and offset of each function */
	struct err *err;
};

static size_t key_of(const GElf_Sym *function)
{
	return (size_t)function->st_shndx << 32 | (uint32_t)function->st_value;
}

static enum safe_argument argument_of(const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = object_type(btf, id), *to;
	const char *name;

	if (!type || !btf_is_ptr(type))
		return SAFE_ARG_NUMBER;
	to = object_type(btf, type->type);
	name = to ? btf__name_by_offset(btf, to->name_off) : NULL;
	return name && !strcmp(name, "xdp_md") ? SAFE_ARG_CONTEXT
					       : SAFE_ARG_MEMORY;
}

static void arguments_find(struct link *link, const char *name,
			   struct safe_function *function)
{
	const struct btf *btf = link->object->btf;
	int id = btf ? btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) : -1;
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;

	type = type ? btf__type_by_id(btf, type->type) : NULL;
	if (!type || !btf_is_func_proto(type))
		return;
	for (int i = 0; i < btf_vlen(type) && i < 5; i++)
		function->args[i] = argument_of(btf, btf_params(type)[i].type);
}

/* libbpf makes hidden ones static. */
static bool is_global(const GElf_Sym *function)
{
	return GELF_ST_BIND(function->st_info) == STB_GLOBAL &&
	       GELF_ST_VISIBILITY(function->st_other) == STV_DEFAULT;
}

static int grow(struct link *link, size_t insns)
{
	struct object_program *program = link->program;
	size_t count = program->safe.insn_count + insns;
	size_t functions = program->safe.function_count + 1;
	void *more;

	if (link->object->insn_count + count > INSNS_MAX)
		return err_input(link->err,
				 "up to %.80s it has more than %d instructions",
				 program->name, INSNS_MAX);
	more = reallocarray(program->insns, count, sizeof(*program->insns));
	if (!more)
		return err_no_memory(link->err);
	program->insns = more;
	more = reallocarray(program->origins, count, sizeof(*program->origins));
	if (!more)
		return err_no_memory(link->err);
	program->origins = more;
	more = reallocarray(program->functions, functions,
			    sizeof(*program->functions));
	if (!more)
		return err_no_memory(link->err);
	program->functions = more;
	more = reallocarray(link->keys, functions, sizeof(*link->keys));
	if (!more)
		return err_no_memory(link->err);
	link->keys = more;
	return 0;
}

/* Its number, or -errno. */
static int function_add(struct link *link, const GElf_Sym *symbol)
{
	struct object_program *program = link->program;
	const struct elf_section *section =
		&link->elf->sections[symbol->st_shndx];
	size_t start = program->safe.insn_count;
	size_t count = symbol->st_size / sizeof(struct bpf_insn);
	int index = program->safe.function_count, result;

	if (!count || symbol->st_value > section->size ||
	    symbol->st_size > section->size - symbol->st_value ||
	    symbol->st_value % sizeof(struct bpf_insn))
		return err_input(link->err, "function %.80s is out of bounds",
				 object_elf_symbol_name(link->elf, symbol));
	result = grow(link, count);
	if (result)
		return result;
	memcpy(program->insns + start, section->bytes + symbol->st_value,
	       count * sizeof(struct bpf_insn));
	for (size_t i = 0; i < count; i++)
		program->origins[start + i] = (struct object_origin){
			.section = symbol->st_shndx,
			.offset = symbol->st_value + 8 * i,
		};
	program->functions[index] = (struct safe_function){
		.start = start,
		.is_global = index && is_global(symbol),
	};
	if (program->functions[index].is_global)
		arguments_find(link, object_elf_symbol_name(link->elf, symbol),
			       &program->functions[index]);
	if (!index)
		program->functions[0].args[0] = SAFE_ARG_CONTEXT;
	link->keys[index] = key_of(symbol);
	program->safe.insn_count += count;
	program->safe.function_count++;
	return index;
}

/* The function at @offset of @section, added where it is new. */
static int function_at(struct link *link, size_t section, size_t offset)
{
	GElf_Sym symbol;

	if (section >= link->elf->section_count ||
	    !link->elf->sections[section].is_code ||
	    !object_elf_function(link->elf, section, offset, &symbol))
		return err_input(link->err,
				 "%s calls what is no function of this object",
				 link->program->name);
	for (size_t i = 0; i < link->program->safe.function_count; i++)
		if (link->keys[i] == key_of(&symbol))
			return i;
	return function_add(link, &symbol);
}

/* The symbol that an instruction refers to; false: none. */
static bool symbol_of(const struct link *link, size_t at, GElf_Sym *out)
{
	const struct object_origin *origin = &link->program->origins[at];
	const struct elf_section *section =
		&link->elf->sections[origin->section];
	uint32_t number =
		section->symbols ? section->symbols[origin->offset / 8] : 0;

	return number && object_elf_symbol(link->elf, number, out);
}

static int call_link(struct link *link, size_t at)
{
	const struct object_origin *origin = &link->program->origins[at];
	struct bpf_insn *insn = &link->program->insns[at];
	size_t section = origin->section;
	int64_t offset = origin->offset;
	int index;
	GElf_Sym symbol;

	if (insn->src_reg != BPF_PSEUDO_CALL)
		return 0;
	/* Relative to the call itself, or to the symbol. */
	if (symbol_of(link, at, &symbol)) {
		if (symbol.st_shndx == SHN_UNDEF) {
			insn->src_reg = BPF_PSEUDO_KFUNC_CALL;
			return 0;
		}
		section = symbol.st_shndx;
		offset = symbol.st_value;
	}
	offset += 8 + 8 * (int64_t)insn->imm;
	index = function_at(link, section, offset);
	if (index < 0)
		return index;
	link->program->insns[at].imm =
		(int64_t)link->program->functions[index].start - (int64_t)at -
		1;
	return 0;
}

/* The map of this name, or the one that has a section's variables. */
static int map_find(const struct object *object, const char *name,
		    bool is_section)
{
	for (size_t i = 0; i < object->map_count; i++)
		if (object->maps[i].is_global == is_section &&
		    !strcmp(object->maps[i].name, name))
			return i;
	return -1;
}

static int wide_link(struct link *link, size_t at)
{
	struct bpf_insn *insn = &link->program->insns[at];
	const struct elf_section *section;
	int index;
	GElf_Sym symbol;

	if (!symbol_of(link, at, &symbol) ||
	    symbol.st_shndx >= link->elf->section_count)
		return 0;
	section = &link->elf->sections[symbol.st_shndx];
	if (section->is_code) {
		index = function_at(link, symbol.st_shndx,
				    symbol.st_value + (uint32_t)insn->imm);
		insn = &link->program->insns[at];
		if (index >= 0)
			insn->src_reg = BPF_PSEUDO_FUNC;
		return index < 0 ? index : 0;
	}
	if (!strcmp(section->name, ".maps")) {
		insn->src_reg = BPF_PSEUDO_MAP_IDX;
		index = map_find(link->object,
				 object_elf_symbol_name(link->elf, &symbol),
				 false);
	} else {
		/* a variable of the kernel, or of its configuration */
		index = map_find(link->object, section->name, true);
		if (index < 0)
			return 0;
		insn->src_reg = BPF_PSEUDO_MAP_IDX_VALUE;
	}
	if (index < 0)
		return err_input(link->err, "%s refers to a map without a type",
				 link->program->name);
	insn->imm = index;
	return 0;
}

static int link_all(struct link *link)
{
	int result = 0;

	/* Functions are added behind while this goes on. */
	for (size_t i = 0; i < link->program->safe.insn_count && !result; i++) {
		const struct bpf_insn *insn = &link->program->insns[i];

		if (insn->code == (BPF_JMP | BPF_CALL)) {
			result = call_link(link, i);
		} else if (insn->code == (BPF_LD | BPF_IMM | BPF_DW)) {
			result = wide_link(link, i);
			i++;
		}
	}
	return result;
}

int object_link(struct object *object, const struct object_elf *elf,
		struct object_program *program, const GElf_Sym *symbol,
		struct err *err)
{
	struct link link = {
		.object = object,
		.elf = elf,
		.program = program,
		.err = err,
	};
	int result = function_add(&link, symbol);

	if (result >= 0)
		result = link_all(&link);
	free(link.keys);
	object->insn_count += program->safe.insn_count;
	program->safe.insns = program->insns;
	program->safe.functions = program->functions;
	return result;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "bpf/object_elf.h"

#define INSN_SIZE sizeof(struct bpf_insn)

static int bad(struct err *err, const char *what)
{
	return err_input(err,
			 "%s; expected an object as clang -target bpf -c "
			 "writes it",
			 what);
}

static void section_read(struct object_elf *elf, Elf_Scn *scn,
			 const GElf_Shdr *header, size_t names)
{
	struct elf_section *section = &elf->sections[elf_ndxscn(scn)];
	const char *name = elf_strptr(elf->elf, names, header->sh_name);
	Elf_Data *data = NULL;

	section->name = name ? name : "";
	if (header->sh_type != SHT_NOBITS)
		data = elf_rawdata(scn, NULL);
	if (data && data->d_buf) {
		section->bytes = data->d_buf;
		section->size = data->d_size;
	}
	section->is_data = header->sh_flags & SHF_ALLOC && header->sh_size &&
			   !(header->sh_flags & SHF_EXECINSTR);
	section->is_code = header->sh_type == SHT_PROGBITS &&
			   header->sh_flags & SHF_EXECINSTR;
	if (header->sh_type == SHT_SYMTAB && header->sh_entsize) {
		elf->symbol_data = elf_getdata(scn, NULL);
		elf->symbol_names = header->sh_link;
		elf->symbol_count = header->sh_size / header->sh_entsize;
	}
}

static int sections_read(struct object_elf *elf, struct err *err)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrnum(elf->elf, &elf->section_count) ||
	    elf_getshdrstrndx(elf->elf, &names))
		return bad(err, "its sections cannot be read");
	elf->sections = calloc(elf->section_count + 1, sizeof(*elf->sections));
	if (!elf->sections)
		return err_no_memory(err);
	for (size_t i = 0; i <= elf->section_count; i++)
		elf->sections[i].name = "";
	while ((scn = elf_nextscn(elf->elf, scn)))
		if (elf_ndxscn(scn) < elf->section_count &&
		    gelf_getshdr(scn, &header))
			section_read(elf, scn, &header, names);
	return 0;
}

/* One table of relocations: a symbol for each place that it names. */
static int relocations_read(struct object_elf *elf, Elf_Scn *scn,
			    const GElf_Shdr *header, struct err *err)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	struct elf_section *section;
	size_t count;
	GElf_Rel rel;

	if (!data || header->sh_info >= elf->section_count ||
	    !header->sh_entsize)
		return 0;
	section = &elf->sections[header->sh_info];
	count = section->size / INSN_SIZE;
	if (!section->is_code || !count)
		return 0;
	if (!section->symbols)
		section->symbols = calloc(count, sizeof(*section->symbols));
	if (!section->symbols)
		return err_no_memory(err);
	for (size_t i = 0; i < header->sh_size / header->sh_entsize; i++)
		if (gelf_getrel(data, i, &rel) &&
		    rel.r_offset / INSN_SIZE < count)
			section->symbols[rel.r_offset / INSN_SIZE] =
				GELF_R_SYM(rel.r_info);
	return 0;
}

static int all_relocations_read(struct object_elf *elf, struct err *err)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	int result = 0;

	while (!result && (scn = elf_nextscn(elf->elf, scn)))
		if (gelf_getshdr(scn, &header) && header.sh_type == SHT_REL)
			result = relocations_read(elf, scn, &header, err);
	return result;
}

static bool is_function(const GElf_Sym *symbol)
{
	return GELF_ST_TYPE(symbol->st_info) == STT_FUNC;
}

static int function_compare(const void *a, const void *b)
{
	const struct elf_function *x = a, *y = b;
	int result = num_compare(x->section, y->section);

	if (!result)
		result = num_compare(x->offset, y->offset);
	return result ? result : num_compare(x->symbol, y->symbol);
}

static int functions_read(struct object_elf *elf, struct err *err)
{
	GElf_Sym symbol;

	for (size_t i = 0; object_elf_symbol(elf, i, &symbol); i++)
		elf->function_count += is_function(&symbol);
	elf->functions =
		calloc(elf->function_count + 1, sizeof(*elf->functions));
	if (!elf->functions)
		return err_no_memory(err);
	elf->function_count = 0;
	for (size_t i = 0; object_elf_symbol(elf, i, &symbol); i++)
		if (is_function(&symbol))
			elf->functions[elf->function_count++] =
				(struct elf_function){ symbol.st_shndx,
						       symbol.st_value, i };
	qsort(elf->functions, elf->function_count, sizeof(*elf->functions),
	      function_compare);
	return 0;
}

static int check_header(Elf *elf, struct err *err)
{
	GElf_Ehdr header;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header) ||
	    gelf_getclass(elf) != ELFCLASS64)
		return bad(err, "this is no ELF file of 64 bits");
	if (header.e_machine != EM_BPF && header.e_machine != EM_NONE)
		return bad(err, "this ELF file is not for BPF");
	if (header.e_ident[EI_DATA] != ELFDATA2LSB)
		return bad(err, "this object is big-endian");
	return 0;
}

int object_elf_open(const void *bytes, size_t size, struct object_elf *out,
		    struct err *err)
{
	struct object_elf elf = { 0 };
	int result;

	if (elf_version(EV_CURRENT) == EV_NONE)
		return err_system(err, 0, "libelf is too old");
	/* It only reads, but does not say so. */
	elf.elf = elf_memory((char *)bytes, size);
	if (!elf.elf)
		return bad(err, "this is no ELF file");
	result = check_header(elf.elf, err);
	if (!result)
		result = sections_read(&elf, err);
	if (!result)
		result = all_relocations_read(&elf, err);
	if (!result)
		result = functions_read(&elf, err);
	if (result)
		object_elf_close(&elf);
	else
		*out = elf;
	return result;
}

void object_elf_close(struct object_elf *elf)
{
	for (size_t i = 0; elf->sections && i < elf->section_count; i++)
		free(elf->sections[i].symbols);
	free(elf->sections);
	free(elf->functions);
	elf_end(elf->elf);
	*elf = (struct object_elf){ 0 };
}

bool object_elf_symbol(const struct object_elf *elf, size_t number,
		       GElf_Sym *out)
{
	return elf->symbol_data && number < elf->symbol_count &&
	       gelf_getsym(elf->symbol_data, number, out);
}

const char *object_elf_symbol_name(const struct object_elf *elf,
				   const GElf_Sym *symbol)
{
	const char *name =
		elf_strptr(elf->elf, elf->symbol_names, symbol->st_name);

	return name ? name : "";
}

bool object_elf_function(const struct object_elf *elf, size_t section,
			 size_t offset, GElf_Sym *out)
{
	const struct elf_function wanted = { section, offset, 0 };
	size_t low = 0, high = elf->function_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (function_compare(&elf->functions[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < elf->function_count &&
	       elf->functions[low].section == section &&
	       elf->functions[low].offset == offset &&
	       object_elf_symbol(elf, elf->functions[low].symbol, out);
}

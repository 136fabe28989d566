// SPDX-License-Identifier: GPL-2.0-only
/*
 * .BTF.ext: which line an instruction came from. libbpf reads it, too, and
 * shows it to nobody.
 */
#include <bpf/btf.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "bpf/object_elf.h"

#define MAGIC	0xeb9f
#define COLUMNS 10 /* bits of the column, below the line */

struct header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t size;
	uint32_t functions_off, functions_size;
	uint32_t lines_off, lines_size;
};

struct section {
	uint32_t name, count;
};

struct record {
	uint32_t offset; /* bytes */
	uint32_t file, text;
	uint32_t line_column;
};

struct place {
	uint32_t section, order;
	struct record record;
};

struct object_lines {
	struct place *places; /* by section and offset */
	size_t count;
	const struct btf *btf;
};

void object_lines_free(struct object_lines *lines)
{
	if (!lines)
		return;
	free(lines->places);
	free(lines);
}

static uint32_t section_find(const struct object_elf *elf, const char *name)
{
	for (size_t i = 1; name && i < elf->section_count; i++)
		if (elf->sections[i].is_code &&
		    !strcmp(elf->sections[i].name, name))
			return i;
	return 0;
}

/* A part of the section; every length in it is doubtful. */
struct rest {
	const uint8_t *at;
	size_t size;
};

static bool read_next(struct rest *rest, void *to, size_t size, size_t step)
{
	if (rest->size < size || rest->size < step)
		return false;
	memcpy(to, rest->at, size);
	rest->at += step;
	rest->size -= step;
	return true;
}

static int place_compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int result = num_compare(x->section, y->section);

	if (!result)
		result = num_compare(x->record.offset, y->record.offset);
	return result ? result : num_compare(x->order, y->order);
}

static int places_read(struct object_lines *lines, const struct object_elf *elf,
		       struct rest rest, struct err *err)
{
	struct section section;
	uint32_t size;

	if (!read_next(&rest, &size, sizeof(size), sizeof(size)) ||
	    size < sizeof(struct record))
		return 0;
	/* No more than there is room for. */
	lines->places = calloc(rest.size / size + 1, sizeof(*lines->places));
	if (!lines->places)
		return err_no_memory(err);
	while (read_next(&rest, &section, sizeof(section), sizeof(section))) {
		uint32_t number =
			section_find(elf, btf__name_by_offset(lines->btf,
							      section.name));

		for (uint32_t i = 0; i < section.count; i++) {
			struct place place = { .section = number,
					       .order = lines->count };

			if (!read_next(&rest, &place.record,
				       sizeof(place.record), size))
				return 0;
			lines->places[lines->count++] = place;
		}
	}
	return 0;
}

int object_lines_read(struct object *object, const struct object_elf *elf,
		      struct err *err)
{
	const struct elf_section *section = NULL;
	struct header header;
	struct rest rest;

	for (size_t i = 1; i < elf->section_count; i++)
		if (!strcmp(elf->sections[i].name, ".BTF.ext"))
			section = &elf->sections[i];
	object->lines = calloc(1, sizeof(*object->lines));
	if (!object->lines)
		return err_no_memory(err);
	object->lines->btf = object->btf;
	if (!section || !section->bytes || !object->lines->btf)
		return 0;
	rest = (struct rest){ section->bytes, section->size };
	if (!read_next(&rest, &header, sizeof(header), sizeof(header)) ||
	    header.magic != MAGIC ||
	    (uint64_t)header.size + header.lines_off + header.lines_size >
		    section->size)
		return 0;
	rest.at = section->bytes + header.size + header.lines_off;
	rest.size = header.lines_size;
	int result = places_read(object->lines, elf, rest, err);
	if (object->lines->count)
		qsort(object->lines->places, object->lines->count,
		      sizeof(*object->lines->places), place_compare);
	return result;
}

/* The last place that is not behind @wanted. */
static const struct place *place_find(const struct object_lines *lines,
				      const struct place *wanted)
{
	size_t low = 0, high = lines->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (place_compare(&lines->places[middle], wanted) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &lines->places[low - 1] : NULL;
}

static const char *name_or_nothing(const struct btf *btf, uint32_t offset)
{
	const char *name = btf__name_by_offset(btf, offset);

	return name ? name : "";
}

bool object_find_line(const struct object *object,
		      const struct object_program *program, size_t insn,
		      struct object_line *out)
{
	const struct object_lines *lines = object->lines;
	const struct object_origin *origin = &program->origins[insn];
	const struct place wanted = { .section = origin->section,
				      .order = UINT32_MAX,
				      .record.offset = origin->offset };
	const struct place *place = place_find(lines, &wanted);

	if (!place || place->section != origin->section)
		return false;
	out->file = name_or_nothing(lines->btf, place->record.file);
	out->text = name_or_nothing(lines->btf, place->record.text);
	out->text += strspn(out->text, " \t");
	out->line = place->record.line_column >> COLUMNS;
	return true;
}

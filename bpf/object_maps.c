// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maps, as BTF describes the variables of the section .maps: a struct whose
 * members are pointers, to arrays as long as the number meant or to the type
 * meant. libbpf would read them as well, but falls over damaged objects (1.1).
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/object_elf.h"

/* A variable's struct, or NULL. */
static const struct btf_type *definition_of(const struct btf *btf,
					    uint32_t variable)
{
	const struct btf_type *type = btf__type_by_id(btf, variable);

	if (!type || !btf_is_var(type))
		return NULL;
	type = object_type(btf, type->type);
	return type && btf_is_struct(type) ? type : NULL;
}

/* What a member points to, or NULL. */
static const struct btf_type *
pointed_to(const struct btf *btf, const struct btf_member *member, uint32_t *id)
{
	const struct btf_type *type = object_type(btf, member->type);

	if (!type || !btf_is_ptr(type))
		return NULL;
	*id = type->type;
	return object_type(btf, type->type);
}

static void member_read(const struct btf *btf, const struct btf_member *member,
			struct safe_map *map)
{
	const char *name = btf__name_by_offset(btf, member->name_off);
	uint32_t number, id = 0;
	const struct btf_type *type = pointed_to(btf, member, &id);
	int64_t size;

	if (!name || !type)
		return;
	number = btf_is_array(type) ? btf_array(type)->nelems : 0;
	size = btf__resolve_size(btf, id);
	if (!strcmp(name, "type"))
		map->type = number;
	else if (!strcmp(name, "max_entries"))
		map->max_entries = number;
	else if (!strcmp(name, "map_flags"))
		map->flags = number;
	else if (!strcmp(name, "key_size"))
		map->key_size = number;
	else if (!strcmp(name, "value_size"))
		map->value_size = number;
	else if (!strcmp(name, "key"))
		map->key_size = size > 0 ? size : 0;
	else if (!strcmp(name, "value"))
		map->value_size = size > 0 ? size : 0;
}

static int map_add(struct object *object, const struct safe_map *map,
		   struct err *err)
{
	struct safe_map *more =
		reallocarray(object->maps, object->map_count + 1,
			     sizeof(*more));

	if (!more)
		return err_no_memory(err);
	object->maps = more;
	more[object->map_count++] = *map;
	return 0;
}

static int variable_read(struct object *object, uint32_t id, struct err *err)
{
	const struct btf_type *definition = definition_of(object->btf, id);
	struct safe_map map = { 0 };

	if (!definition)
		return 0;
	map.name =
		btf__name_by_offset(object->btf,
				    btf__type_by_id(object->btf, id)->name_off);
	if (!map.name)
		return 0;
	for (int i = 0; i < btf_vlen(definition); i++)
		member_read(object->btf, &btf_members(definition)[i], &map);
	return map_add(object, &map, err);
}

static int defined_read(struct object *object, struct err *err)
{
	int id = btf__find_by_name_kind(object->btf, ".maps", BTF_KIND_DATASEC);
	const struct btf_type *section =
		id > 0 ? btf__type_by_id(object->btf, id) : NULL;
	int result = 0;

	for (int i = 0; section && i < btf_vlen(section) && !result; i++)
		result = variable_read(object,
				       btf_var_secinfos(section)[i].type, err);
	return result;
}

static bool begins_with(const char *name, const char *start)
{
	return !strncmp(name, start, strlen(start));
}

/* libbpf makes a map of each that has something in it. */
static bool is_data(const struct elf_section *section)
{
	return section->is_data && (begins_with(section->name, ".data") ||
				    begins_with(section->name, ".rodata") ||
				    begins_with(section->name, ".bss"));
}

int object_maps_read(struct object *object, const struct object_elf *elf,
		     struct err *err)
{
	bool has_maps = false;
	int result = 0;

	for (size_t i = 1; i < elf->section_count && !result; i++) {
		const struct elf_section *section = &elf->sections[i];
		const struct safe_map map = {
			.name = section->name,
			.type = BPF_MAP_TYPE_ARRAY,
			.max_entries = 1,
			.is_global = true,
		};

		has_maps |= !strcmp(section->name, ".maps");
		if (is_data(section))
			result = map_add(object, &map, err);
	}
	if (result || !has_maps)
		return result;
	if (!object->btf)
		return err_input(err, "its maps have no types: build it with "
				      "clang -g");
	return defined_read(object, err);
}

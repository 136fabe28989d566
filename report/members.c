// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "report/members.h"

/* Numbers of any width, as they lie in memory. */
static uint64_t get_number(const struct member *member, const char *at)
{
	switch (member->size) {
	case sizeof(bool):
		return *(const bool *)at;
	case sizeof(uint16_t):
		return *(const uint16_t *)at;
	case sizeof(uint32_t):
		return *(const uint32_t *)at;
	default:
		return *(const uint64_t *)at;
	}
}

static void set_number(const struct member *member, char *at, uint64_t value)
{
	switch (member->size) {
	case sizeof(bool):
		*(bool *)at = value;
		break;
	case sizeof(uint16_t):
		*(uint16_t *)at = value;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)at = value;
		break;
	default:
		*(uint64_t *)at = value;
		break;
	}
}

static json_t *make_list(struct jsonio *io, const struct member *member,
			 const char *from)
{
	size_t count = *(const size_t *)(from + member->count_offset);
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < count; i++)
		jsonio_append(io, array,
			      members_make(io, member->of,
					   from + member->offset +
						   i * member->size));
	return array;
}

static void put(struct jsonio *io, json_t *object, const struct member *member,
		const char *from)
{
	const char *at = from + member->offset;

	switch (member->kind) {
	case MEMBER_TEXT:
		if (*at)
			jsonio_put_text(io, object, member->name, at);
		break;
	case MEMBER_BOOL:
		jsonio_put_bool(io, object, member->name,
				get_number(member, at));
		break;
	case MEMBER_U16:
	case MEMBER_INT:
	case MEMBER_U32:
	case MEMBER_U64:
		jsonio_put_number(io, object, member->name,
				  get_number(member, at));
		break;
	case MEMBER_WORD:
		/* A newer kernel may know more of them. */
		if (get_number(member, at) < member->word_count)
			jsonio_put_text(io, object, member->name,
					member->words[get_number(member, at)]);
		break;
	case MEMBER_ITEM:
		jsonio_put(io, object, member->name,
			   members_make(io, member->of, at));
		break;
	case MEMBER_LIST:
		jsonio_put(io, object, member->name,
			   make_list(io, member, from));
		break;
	}
}

json_t *members_make(struct jsonio *io, const struct members *members,
		     const char *from)
{
	json_t *object = jsonio_object(io);

	for (size_t i = 0; i < members->count; i++)
		put(io, object, &members->items[i], from);
	return object;
}

int members_expected(struct err *err, const char *name, const char *what)
{
	return err_input(err, "\"%s\": expected %s", name, what);
}

static int parse_number(const struct member *member, const json_t *value,
			char *at, struct err *err)
{
	json_int_t number = json_integer_value(value);
	json_int_t max = member->kind == MEMBER_U16   ? UINT16_MAX
			 : member->kind == MEMBER_INT ? INT32_MAX
			 : member->kind == MEMBER_U32 ? UINT32_MAX
						      : INT64_MAX;

	if (!json_is_integer(value) || number < 0 || number > max)
		return members_expected(err, member->name,
					"a number that fits");
	set_number(member, at, number);
	return 0;
}

static int parse_word(const struct member *member, const json_t *value,
		      char *at, struct err *err)
{
	const char *text = json_string_value(value);

	for (size_t i = 0; text && i < member->word_count; i++) {
		if (strcmp(text, member->words[i]) != 0)
			continue;
		set_number(member, at, i);
		return 0;
	}
	return members_expected(err, member->name,
				"one of the words of docs/json.md");
}

static int parse_list(const struct member *member, const json_t *value,
		      char *to, struct err *err)
{
	size_t *count = (size_t *)(to + member->count_offset);
	int result = 0;

	if (!json_is_array(value) || json_array_size(value) > member->max)
		return members_expected(err, member->name,
					"a list that is not longer "
					"than any device's");
	for (*count = 0; result == 0 && *count < json_array_size(value);
	     ++*count)
		result =
			members_parse(member->of, json_array_get(value, *count),
				      to + member->offset +
					      *count * member->size,
				      member->name, err);
	return result;
}

static int parse_member(const struct member *member, const json_t *value,
			char *to, struct err *err)
{
	char *at = to + member->offset;
	const char *text;

	switch (member->kind) {
	case MEMBER_TEXT:
		text = json_string_value(value);
		if (!text || strlen(text) >= member->size)
			return members_expected(err, member->name,
						"a short text");
		strcpy(at, text);
		return 0;
	case MEMBER_BOOL:
		if (!json_is_boolean(value))
			return members_expected(err, member->name,
						"true or false");
		set_number(member, at, json_is_true(value));
		return 0;
	case MEMBER_U16:
	case MEMBER_INT:
	case MEMBER_U32:
	case MEMBER_U64:
		return parse_number(member, value, at, err);
	case MEMBER_WORD:
		return parse_word(member, value, at, err);
	case MEMBER_ITEM:
		return members_parse(member->of, value, at, member->name, err);
	case MEMBER_LIST:
		return parse_list(member, value, to, err);
	}
	return 0;
}

int members_parse(const struct members *members, const json_t *object, char *to,
		  const char *name, struct err *err)
{
	if (!json_is_object(object))
		return members_expected(err, name, "an object");
	for (size_t i = 0; i < members->count; i++) {
		const struct member *member = &members->items[i];
		const json_t *value = json_object_get(object, member->name);
		int result = value ? parse_member(member, value, to, err) : 0;

		if (result < 0)
			return result;
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Structs as JSON objects and back, by a table of their members.
 *
 *	static const struct member link_items[] = {
 *		U32(struct link, ifindex, "ifindex"),
 *		...
 *	};
 *	MEMBERS(link);		makes link_members
 */
#include <stddef.h>

#include "base/err.h"
#include "base/num.h"
#include "report/jsonio.h"

enum member_kind {
	MEMBER_TEXT,
	MEMBER_BOOL,
	MEMBER_U16,
	MEMBER_INT, /* that is never negative */
	MEMBER_U32,
	MEMBER_U64,
	MEMBER_WORD, /* an enum, by its names */
	MEMBER_ITEM, /* an object */
	MEMBER_LIST, /* objects, with their number beside */
};

struct members;

struct member {
	const char *name;
	enum member_kind kind;
	size_t offset, size; /* of a text, of one object in a list */
	const char *const *words;
	size_t word_count;
	const struct members *of; /* ITEM, LIST */
	size_t max, count_offset; /* LIST */
};

struct members {
	const struct member *items;
	size_t count;
};

#define PLACE(type, field)                                                     \
	.offset = offsetof(type, field), .size = sizeof(((type *)0)->field)
#define TEXT(type, field, key)                                                 \
	{                                                                      \
		key, MEMBER_TEXT, PLACE(type, field)                           \
	}
#define BOOL(type, field, key)                                                 \
	{                                                                      \
		key, MEMBER_BOOL, PLACE(type, field)                           \
	}
#define U16(type, field, key)                                                  \
	{                                                                      \
		key, MEMBER_U16, PLACE(type, field)                            \
	}
#define INT(type, field, key)                                                  \
	{                                                                      \
		key, MEMBER_INT, PLACE(type, field)                            \
	}
#define U32(type, field, key)                                                  \
	{                                                                      \
		key, MEMBER_U32, PLACE(type, field)                            \
	}
#define U64(type, field, key)                                                  \
	{                                                                      \
		key, MEMBER_U64, PLACE(type, field)                            \
	}
#define WORD(type, field, key, names)                                          \
	{                                                                      \
		key, MEMBER_WORD, PLACE(type, field),                          \
			.words = (names), .word_count = ARRAY_SIZE(names)      \
	}
#define ITEM(type, field, key, members)                                        \
	{                                                                      \
		key, MEMBER_ITEM, PLACE(type, field), .of = &members##_members \
	}
#define LIST(type, field, key, members, counter)                               \
	{                                                                      \
		key, MEMBER_LIST, offsetof(type, field),                       \
			sizeof(((type *)0)->field[0]),                         \
			.of = &members##_members,                              \
			.max = ARRAY_SIZE(((type *)0)->field),                 \
			.count_offset = offsetof(type, counter)                \
	}
#define MEMBERS(name)                                                          \
	static const struct members name##_members = {                         \
		name##_items, ARRAY_SIZE(name##_items)                         \
	}

/* The object of the struct at @from. */
json_t *members_make(struct jsonio *io, const struct members *members,
		     const char *from);

/*
 * The struct at @to from @object, which its owner calls @name. What is absent
 * stays as it is. -EINVAL names the member that is not what it should be.
 */
int members_parse(const struct members *members, const json_t *object, char *to,
		  const char *name, struct err *err);

/* -EINVAL: "@name": expected @what */
int members_expected(struct err *err, const char *name, const char *what);

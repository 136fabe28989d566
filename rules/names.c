// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "rules/names.h"
#include "rules/ruleset.h"

#define NAME_CODE(type, code) ((type) << 16 | (code) << 8 | (code))
#define NAME_ANY_CODE(type)   ((type) << 16 | 0x00ff)

static const struct {
	enum name_group group;
	const char *name;
	uint32_t value;
} names[] = {
#define NAME(group, name, value) { NAMES_##group, name, value },
#include "rules/names.def"
#undef NAME
};

bool names_find(enum name_group group, const char *text, size_t length,
		bool may_shorten, uint32_t *out)
{
	size_t starts = 0;
	uint32_t value = 0;

	for (size_t i = 0; length && i < ARRAY_SIZE(names); i++) {
		if (names[i].group != group ||
		    strncasecmp(names[i].name, text, length))
			continue;
		if (!names[i].name[length]) {
			*out = names[i].value;
			return true;
		}
		value = names[i].value;
		starts++;
	}
	if (!may_shorten || starts != 1)
		return false;
	*out = value;
	return true;
}

void names_list(enum name_group group, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].group != group)
			continue;
		int length = snprintf(text + used, size - used, "%s%s",
				      used ? ", " : "", names[i].name);
		if (length < 0 || (size_t)length >= size - used) {
			text[used] = '\0';
			return;
		}
		used += length;
	}
}

// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "rules/eval.h"
#include "tests/lib/show.h"

void show_lines(const char *title, const char *text)
{
	unsigned int number = 1;

	printf("# %s:\n", title);
	for (; *text; number++) {
		int length = (int)strcspn(text, "\n");

		printf("#   %3u  %.*s\n", number, length, text);
		text += length + (text[length] == '\n');
	}
}

void show_bytes(const char *title, const uint8_t *bytes, size_t length)
{
	printf("# %s: ", title);
	for (size_t i = 0; i < length; i++)
		printf("%02x", bytes[i]);
	printf("\n");
}

const char *show_state(unsigned int state)
{
	switch (state) {
	case CT_NEW:
		return "NEW";
	case CT_ESTABLISHED:
		return "ESTABLISHED";
	case CT_RELATED:
		return "RELATED";
	case CT_INVALID:
		return "INVALID";
	case CT_UNTRACKED:
		return "UNTRACKED";
	}
	return "none";
}

const char *show_outcomes(unsigned int outcomes)
{
	static const char *const names[] = {
		"nothing", "accept",	     "drop",	     "accept, drop",
		"effect",  "accept, effect", "drop, effect", "anything",
	};

	return names[outcomes & OUTCOME_ANY];
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rulesets that anybody wrote: whatever is read can be printed, what was
 * printed can be read, and printing that once more changes nothing.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "rules/print.h"
#include "rules/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print_again(const struct buf *text, enum family family)
{
	OWN(ruleset) struct ruleset *ruleset = NULL;
	OWN_BUF struct buf again = BUF_INIT;
	struct err err;

	int result = read_rules(buf_text(text), text->length, "again", family,
				&ruleset, NULL, &err);
	assert(!result);
	print_ruleset(&again, ruleset);
	assert(!strcmp(buf_text(text), buf_text(&again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OWN(ruleset) struct ruleset *ruleset = NULL;
	OWN_BUF struct buf text = BUF_INIT;
	struct err err;

	if (read_rules((const char *)data, size, "fuzz", 0, &ruleset, NULL,
		       &err))
		return 0;
	print_ruleset(&text, ruleset);
	print_again(&text, ruleset->family);
	return 0;
}

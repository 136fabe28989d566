// SPDX-License-Identifier: GPL-2.0-only
/* Command lines: the input has a word a line. What is accepted is within its
 * bounds, and every argument is one of the words. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/num.h"
#include "bpf/card.h"
#include "cli/options.h"
#include "cli/serve_place.h"

#define WORDS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_args(const struct options *options, char *const *words,
		       size_t count)
{
	assert(options->arg_count <= count);
	for (size_t i = 0; i < options->arg_count; i++) {
		bool is_word = false;

		for (size_t j = 0; j < count; j++)
			is_word |= options->args[i] == words[j];
		assert(is_word);
	}
}

static void check_values(const struct options *options)
{
	struct serve_place place;
	struct card_limits card;
	struct err err;

	assert(options->confirm <= OPTIONS_SECONDS_MAX);
	assert(options->wishes.max < TIER_COUNT);
	assert(options->wishes.require < TIER_COUNT);
	if (options->listen &&
	    serve_place_parse(options->listen, &place, &err) == 0)
		assert(place.size && place.size <= sizeof(place.address));
	if (options->card && card_parse(options->card, &card, &err) == 0)
		assert(card.name && *card.name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OWN_MEM char *text = strndup((const char *)data, size);
	char *words[WORDS_MAX], *before[WORDS_MAX], *rest = text, *word;
	struct options options;
	size_t count = 0;
	struct err err = { 0 };

	while (count < WORDS_MAX && (word = strsep(&rest, "\n")))
		words[count++] = word;
	memcpy(before, words, sizeof(*words) * count);
	if (options_parse(words, count, UINT64_MAX, &options, &err) < 0) {
		assert(err.text[0]);
		return 0;
	}
	check_args(&options, before, count);
	check_values(&options);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Configuration files that somebody mistyped, or something overwrote. */
#include <stdint.h>

#include "cli/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OWN(config) struct config *config = config_make();
	struct err err;

	if (!config ||
	    config_parse(config, (const char *)data, size, "fuzz", &err) < 0)
		return 0;
	for (size_t i = 0; i < config->count; i++) {
		const struct config_section *section = &config->sections[i];

		/* What a section promises its readers. */
		if (!section->options.rules && !section->options.rules6 &&
		    !section->options.from_kernel && !section->options.block)
			__builtin_trap();
		if (!config_is_pattern(section->pattern) &&
		    config_find(config, section->pattern) != section)
			__builtin_trap();
	}
	return 0;
}

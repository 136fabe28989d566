// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "rules/options.h"

#define OPTION(module, name, modern, words, match, form)                       \
	{                                                                      \
		MODULE_##module, name,		"--" modern,                   \
		words,		 MATCH_##match, FORM_##form                    \
	},
#define DETAIL(module, name, words)                                            \
	{ MODULE_##module, name, "--" name, words, MATCH_DETAIL, FORM_NONE },
#define OPAQUE(module, name, words)                                            \
	{ MODULE_##module, name, "--" name, words, MATCH_OPAQUE, FORM_NONE },
#define TARGET_OPTION(extension, name, words)
static const struct option_info match_options[] = {
#include "rules/options.def"
};
#undef OPTION
#undef DETAIL
#undef OPAQUE
#undef TARGET_OPTION

#define OPTION(module, name, modern, words, match, form)
#define DETAIL(module, name, words)
#define OPAQUE(module, name, words)
#define TARGET_OPTION(extension, name, words)                                  \
	{                                                                      \
		EXTENSION_##extension, name,	 "--" name, words,             \
		MATCH_DETAIL,	       FORM_NONE                               \
	},
static const struct option_info target_options[] = {
#include "rules/options.def"
};
#undef OPTION
#undef DETAIL
#undef OPAQUE
#undef TARGET_OPTION

static const struct option_info *find(const struct option_info *table,
				      size_t count, int owner, const char *name,
				      size_t length, bool may_shorten)
{
	const struct option_info *start = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct option_info *info = &table[i];

		if (info->owner != owner || strncmp(info->name, name, length))
			continue;
		if (!info->name[length])
			return info;
		if (!may_shorten)
			continue;
		/* Two spellings of one option are no reason to hesitate. */
		if (start && strcmp(start->option, info->option))
			return NULL;
		start = info;
	}
	return start;
}

const struct option_info *options_find(enum module module, const char *name,
				       size_t length, bool may_shorten)
{
	return find(match_options, ARRAY_SIZE(match_options), module, name,
		    length, may_shorten);
}

const struct option_info *options_find_target(enum extension extension,
					      const char *name, size_t length,
					      bool may_shorten)
{
	return find(target_options, ARRAY_SIZE(target_options), extension, name,
		    length, may_shorten);
}

const struct option_info *options_find_alone(const char *name, size_t length)
{
	const struct option_info *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(match_options); i++) {
		const struct option_info *info = &match_options[i];

		if (strncmp(info->name, name, length) || info->name[length])
			continue;
		if (found)
			return NULL;
		found = info;
	}
	return found;
}

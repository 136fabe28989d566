// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "cli/intent.h"
#include "fallback/apply.h"
#include "fallback/claim.h"

/* The interfaces of one section: names that live as long as their links. */
struct group {
	char **names;
	size_t count;
};

static void group_cleanup(struct group *group)
{
	free(group->names);
}
#define OWN_GROUP __attribute__((cleanup(group_cleanup)))

struct links {
	struct link *items;
	size_t count;
};

static int group_make(const struct links *links, struct group *out,
		      struct err *err)
{
	out->count = 0;
	out->names = calloc(links->count + 1, sizeof(*out->names));
	return out->names ? 0 : err_no_memory(err);
}

static int alloc(struct intent *intent, struct err *err)
{
	size_t count = intent->config->count;

	intent->plannings = calloc(count + 1, sizeof(*intent->plannings));
	intent->options = calloc(count + 1, sizeof(*intent->options));
	intent->absent = calloc(count + 1, sizeof(*intent->absent));
	return intent->plannings && intent->options && intent->absent
		       ? 0
		       : err_no_memory(err);
}

static int add_section(struct intent *intent,
		       const struct config_section *section,
		       const struct links *links, struct err *err)
{
	OWN_GROUP struct group group = { 0 };
	int result = group_make(links, &group, err);

	if (result < 0)
		return result;
	for (size_t i = 0; i < links->count; i++) {
		char *name = links->items[i].name;

		if (config_find(intent->config, name) == section)
			group.names[group.count++] = name;
	}
	if (!group.count) {
		if (!config_is_pattern(section->pattern))
			intent->absent[intent->absent_count++] =
				section->pattern;
		return 0;
	}
	result = planning_make(&section->options, group.names, group.count,
			       false, &intent->plannings[intent->count], err);
	if (result == 0)
		intent->options[intent->count++] = &section->options;
	else if (result != -ENOMEM)
		err_where(err, "%s: line %u: [interface %s]", section->source,
			  section->line, section->pattern);
	return result;
}

/* With ours, and no section: a policy without rules takes it off. */
static int add_left_over(struct intent *intent, const struct links *links,
			 struct err *err)
{
	OWN(attachments) struct attachments *ours = NULL;
	OWN_GROUP struct group group = { 0 };
	int result = apply_list(NULL, &ours, err);

	if (result == 0)
		result = group_make(links, &group, err);
	if (result < 0)
		return result;
	for (size_t i = 0; i < ours->count && group.count < links->count; i++) {
		char *name = ours->items[i].link.name;

		if (!config_find(intent->config, name))
			group.names[group.count++] = name;
	}
	if (!group.count)
		return 0;
	result = planning_make_empty(group.names, group.count,
				     &intent->plannings[intent->count], err);
	if (result == 0)
		intent->options[intent->count++] = NULL;
	return result;
}

/* The same plan as the watcher's, who sees what no program can ask for. */
static void reckon_with_watcher(struct config *config)
{
	bool is_watched = claim_is_held(CLAIM_WATCH);

	for (size_t i = 0; i < config->count; i++)
		config->sections[i].options.wishes.is_watched = is_watched;
}

int intent_make(const char *directory, struct intent **out, struct err *err)
{
	OWN(intent) struct intent *intent = calloc(1, sizeof(*intent));
	OWN_MEM struct link *items = NULL;
	struct links links;

	if (!intent)
		return err_no_memory(err);
	int result = config_files_read(directory ? directory : CONFIG_DIR,
				       &intent->config, err);
	if (result == 0)
		result = link_list(&items, &links.count, err);
	if (result == 0)
		result = alloc(intent, err);
	if (result < 0)
		return result;
	links.items = items;
	reckon_with_watcher(intent->config);
	for (size_t i = 0; i < intent->config->count && result == 0; i++)
		result = add_section(intent, &intent->config->sections[i],
				     &links, err);
	if (result == 0)
		result = add_left_over(intent, &links, err);
	if (result == 0)
		*out = take(intent);
	return result;
}

void intent_free(struct intent *intent)
{
	if (!intent)
		return;
	for (size_t i = 0; i < intent->count; i++)
		planning_free(intent->plannings[i]);
	free(intent->plannings);
	free(intent->options);
	free(intent->absent);
	config_free(intent->config);
	free(intent);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "report/json.h"
#include "report/wishes.h"

static json_t *section_make(struct jsonio *io,
			    const struct report_section *section)
{
	const struct wish_words words = wishes_words(section->wishes);
	json_t *object = jsonio_object(io);
	json_t *wishes = jsonio_array(io);

	for (size_t i = 0; i < words.count; i++)
		jsonio_append_text(io, wishes, words.texts[i]);
	jsonio_put_text(io, object, "interface", section->pattern);
	jsonio_put_text(io, object, "file", section->source);
	jsonio_put_number(io, object, "line", section->line);
	jsonio_put_bool(io, object, "from_kernel", section->is_from_kernel);
	jsonio_put_text(io, object, "rules", section->rules);
	jsonio_put_text(io, object, "rules6", section->rules6);
	jsonio_put(io, object, "wishes", wishes);
	return object;
}

json_t *json_sections(struct jsonio *io, const struct report_config *config)
{
	json_t *array = jsonio_array(io);

	for (size_t i = 0; i < config->count; i++)
		jsonio_append(io, array,
			      section_make(io, &config->sections[i]));
	return array;
}

json_t *json_diff(struct jsonio *io, const struct diff *change)
{
	json_t *object = jsonio_object(io);
	json_t *removed = jsonio_array(io);
	json_t *added = jsonio_array(io);

	for (size_t i = 0; i < change->count; i++)
		jsonio_append_text(io,
				   change->lines[i].is_added ? added : removed,
				   change->lines[i].text);
	jsonio_put_text(io, object, "interface", change->plan->iface);
	jsonio_put_text(io, object, "change", diff_name(change->kind));
	jsonio_put_number(io, object, "program", change->prog_id);
	jsonio_put_bool(io, object, "recorded", change->is_recorded);
	jsonio_put(io, object, "removed", removed);
	jsonio_put(io, object, "added", added);
	return object;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <string.h>

#include "report/caps_more.h"
#include "report/probe.h"
#include "report/text.h"
#include "tests/fuzz/told.h"

/* A command of one line whose quotes end: what follows it in a script is not
 * part of it. */
static void check_command(const char *command)
{
	bool is_quoted = false, is_escaped = false;

	for (const char *c = command; *c; c++) {
		assert(*c != '\n');
		if (*c == '\'' && !is_escaped)
			is_quoted = !is_quoted;
		is_escaped = *c == '\\' && !is_quoted && !is_escaped;
	}
	assert(!is_quoted && !is_escaped);
}

static void check_caps(const struct caps *caps)
{
	for (size_t i = 0; i < caps->blocker_count; i++) {
		if (!caps->blockers[i].is_complete)
			continue;
		check_command(caps->blockers[i].fix);
		check_command(caps->blockers[i].undo);
	}
}

static void tell(const struct nic *nic, const struct caps *caps,
		 const struct kernel_features *kernel)
{
	const struct report_caps told = { &caps, &nic, 1, kernel };
	const struct report_style style = { .width = 60, .is_coloured = true };
	OWN_BUF struct buf buf = BUF_INIT;

	text_caps(&buf, &style, &told);
	caps_markdown(&buf, &told);
	caps_script(&buf, &told);
}

static json_t *document_make(struct jsonio *io, const struct nic *nic)
{
	json_t *document = jsonio_document(io, "caps");
	json_t *interfaces = jsonio_array(io);
	json_t *interface = jsonio_object(io);

	jsonio_put(io, interface, "probe", probe_make(io, nic));
	jsonio_append(io, interfaces, interface);
	jsonio_put(io, document, "interfaces", interfaces);
	return document;
}

static void check_json(const struct nic *nic)
{
	OWN(probes) struct probes *again = NULL;
	OWN_BUF struct buf text = BUF_INIT;
	OWN_BUF struct buf twice = BUF_INIT;
	struct jsonio io = { 0 };
	struct err err;

	jsonio_print(&io, document_make(&io, nic), &text);
	assert(!text.has_failed);
	int result = probe_parse(buf_text(&text), &again, &err);
	assert(!result && again->count == 1);
	jsonio_print(&io, document_make(&io, again->nics[0]), &twice);
	assert(!strcmp(buf_text(&text), buf_text(&twice)));
}

void told_check(const struct nic *nic, const struct nicdb *db,
		const struct kernel_features *kernel)
{
	OWN(caps) struct caps *caps = NULL;
	struct err err;

	check_json(nic);
	if (caps_make(nic, db, kernel, &caps, &err) < 0)
		return; /* no memory */
	check_caps(caps);
	tell(nic, caps, kernel);
}

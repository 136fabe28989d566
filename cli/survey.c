// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "cli/say.h"
#include "cli/survey.h"
#include "nicdb/load.h"

/* Thousands of interfaces. */
#define TEXT_MAX ((size_t)64 << 20)

int survey_load(struct nicdb **out, struct err *err)
{
	OWN_BUF struct buf notes = BUF_INIT;
	int result =
		nicdb_load(NICDB_INSTALLED, NICDB_OVERRIDES, out, &notes, err);
	char *next = notes.text;

	for (char *line; result == 0 && (line = strsep(&next, "\n"));) {
		if (*line)
			say_warning("%s", line);
	}
	return result;
}

int survey_read(const char *path, struct probes **out, struct err *err)
{
	OWN_FILE FILE *file =
		strcmp(path, "-") ? fopen(path, "re") : fdopen(dup(0), "r");
	OWN_BUF struct buf text = BUF_INIT;
	char chunk[65536];
	size_t length;

	if (!file)
		return err_input(err, "cannot read %s: %s", path,
				 strerror(errno));
	while ((length = fread(chunk, 1, sizeof(chunk), file)) > 0 &&
	       text.length < TEXT_MAX)
		buf_addn(&text, chunk, length);
	if (ferror(file))
		return err_input(err, "cannot read %s: %s", path,
				 strerror(errno));
	if (text.length >= TEXT_MAX)
		return err_input(err,
				 "%s is too long to be what caps --json "
				 "prints",
				 path);
	if (text.has_failed)
		return err_no_memory(err);
	int result = probe_parse(buf_text(&text), out, err);
	if (result < 0 && result != -ENOMEM)
		err_where(err, "%s", path);
	return result;
}

int survey_make(const char *iface, const struct nicdb *db,
		const struct kernel_features *kernel, struct caps **out,
		struct err *err)
{
	OWN(nic) struct nic *nic = NULL;
	int result = nic_read(iface, &nic, err);

	return result < 0 ? result : caps_make(nic, db, kernel, out, err);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "cli/say.h"
#include "cli/survey.h"
#include "nicdb/load.h"

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
	OWN_BUF struct buf text = BUF_INIT;
	int result = file_read(path, "what wirewall caps --json printed", &text,
			       err);

	if (result < 0)
		return result;
	result = probe_parse(buf_text(&text), out, err);
	if (result < 0 && result != -ENOMEM)
		err_where(err, "%s", file_name(path));
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

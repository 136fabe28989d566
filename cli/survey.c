// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

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

int survey_make(const char *iface, const struct nicdb *db,
		const struct kernel_features *kernel, struct caps **out,
		struct err *err)
{
	OWN(nic) struct nic *nic = NULL;
	int result = nic_read(iface, &nic, err);

	return result < 0 ? result : caps_make(nic, db, kernel, out, err);
}

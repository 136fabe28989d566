// SPDX-License-Identifier: GPL-2.0-only
/* Files of /etc/wirewall/nicdb.d, and values that a kernel might give. */
#include <stdint.h>
#include <string.h>

#include "nicdb/nicdb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Names of even length are known. */
static bool look_up(void *context, const char *name, struct need_value *out)
{
	(void)context;
	*out = (struct need_value){ .number = (int64_t)strlen(name) * 1000 };
	if (name[0] == 'f')
		strcpy(out->text, "word");
	return strlen(name) % 2 == 0;
}

static void ask_all(const struct nicdb_driver *driver)
{
	for (size_t i = 0; i < driver->need_count; i++) {
		const struct nicdb_need *need = &driver->needs[i];
		const char *const templates[] = { need->fix, need->undo,
						  need->remedy };
		OWN_BUF struct buf buf = BUF_INIT;

		need_ask(&need->test, look_up, NULL);
		for (int j = 0; j < 3; j++) {
			if (templates[j])
				need_fill(&buf, templates[j], &need->test,
					  look_up, NULL);
		}
		nicdb_applies(&need->kernels, NICDB_VERSION(6, 1));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OWN(nicdb) struct nicdb *db = nicdb_make();
	const struct nicdb_driver *driver;
	struct err err;

	if (!db || nicdb_add(db, (const char *)data, size, "fuzzed", &err) < 0)
		return 0;
	for (size_t i = 0; (driver = nicdb_get(db, i)); i++) {
		ask_all(driver);
		nicdb_find(db, driver->names[0], "");
	}
	return 0;
}

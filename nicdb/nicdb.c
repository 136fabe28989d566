// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "nicdb/nicdb.h"
#include "nicdb/parse.h"

struct nicdb {
	struct nicdb_file **files;
	size_t count;
};

struct nicdb *nicdb_make(void)
{
	return calloc(1, sizeof(struct nicdb));
}

void nicdb_free(struct nicdb *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < db->count; i++)
		nicdb_file_free(db->files[i]);
	free(db->files);
	free(db);
}

int nicdb_add(struct nicdb *db, const char *text, size_t length,
	      const char *name, struct err *err)
{
	OWN(nicdb_file) struct nicdb_file *file = NULL;
	int result = nicdb_file_parse(text, length, name, &file, err);

	if (result < 0)
		return result;
	struct nicdb_file **files =
		reallocarray(db->files, db->count + 1, sizeof(*files));
	if (!files)
		return err_no_memory(err);
	files[db->count++] = take(file);
	db->files = files;
	return 0;
}

static bool has_name(const struct nicdb_driver *driver, const char *name)
{
	for (size_t i = 0; i < driver->name_count; i++) {
		if (!strcmp(driver->names[i], name))
			return true;
	}
	return false;
}

/* In one file; what names a bus goes before what does not. */
static const struct nicdb_driver *find_in(const struct nicdb_file *file,
					  const char *name, const char *bus)
{
	const struct nicdb_driver *found = NULL;

	for (size_t i = 0; i < file->count; i++) {
		const struct nicdb_driver *driver = file->drivers[i];

		if (!has_name(driver, name))
			continue;
		if (driver->bus && !strcmp(driver->bus, bus))
			return driver;
		if (!driver->bus)
			found = driver;
	}
	return found;
}

const struct nicdb_driver *nicdb_find(const struct nicdb *db,
				      const char *driver, const char *bus)
{
	for (size_t i = db->count; i-- > 0;) {
		const struct nicdb_driver *found =
			find_in(db->files[i], driver, bus);

		if (found)
			return found;
	}
	return NULL;
}

const struct nicdb_driver *nicdb_get(const struct nicdb *db, size_t index)
{
	for (size_t i = 0; i < db->count; i++) {
		if (index < db->files[i]->count)
			return db->files[i]->drivers[index];
		index -= db->files[i]->count;
	}
	return NULL;
}

uint32_t nicdb_date(const struct nicdb *db)
{
	uint32_t date = 0;

	for (size_t i = 0; i < db->count; i++) {
		if (db->files[i]->date > date)
			date = db->files[i]->date;
	}
	return date;
}

bool nicdb_applies(const struct nicdb_range *range, uint32_t version)
{
	if (!range->from && !range->before)
		return true;
	return version && version >= range->from &&
	       (!range->before || version < range->before);
}

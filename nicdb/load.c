// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "nicdb/load.h"

/* The facts are some 50 KB. */
#define FILE_MAX ((off_t)8 << 20)

/* The text of nicdb/drivers.conf, in the program itself. */
__asm__(".pushsection .rodata\n"
	".balign 8\n"
	"nicdb_builtin_size:\n"
	".quad nicdb_builtin_end - nicdb_builtin\n"
	"nicdb_builtin:\n"
	".incbin \"nicdb/drivers.conf\"\n"
	"nicdb_builtin_end:\n"
	".popsection\n");
extern const uint64_t nicdb_builtin_size;
extern const char nicdb_builtin[];

static int read_file(const char *path, char **out, size_t *length)
{
	OWN_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EISDIR;
	if (status.st_size > FILE_MAX)
		return -EFBIG;

	OWN_MEM char *text = malloc(status.st_size + 1);
	if (!text)
		return -ENOMEM;
	for (*length = 0; *length < (size_t)status.st_size;) {
		ssize_t done =
			read(fd, text + *length, status.st_size - *length);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		if (done == 0)
			break;
		*length += done;
	}
	*out = take(text);
	return 0;
}

/* What is wrong with the file costs only the file. */
static int leave_out(const char *path, const struct err *why, struct buf *notes)
{
	buf_addf(notes, "%s; all of %s is ignored\n", why->text, path);
	return notes->has_failed ? -ENOMEM : 0;
}

static int add_file(struct nicdb *db, const char *path, struct buf *notes)
{
	OWN_MEM char *text = NULL;
	size_t length = 0;
	struct err why;
	int result = read_file(path, &text, &length);

	if (result == -ENOENT || result == -ENOMEM)
		return result == -ENOENT ? 0 : result;
	if (result < 0) {
		err_system(&why, -result, "cannot read %s", path);
		return leave_out(path, &why, notes);
	}
	result = nicdb_add(db, text, length, path, &why);
	return result == 0 || result == -ENOMEM ? result
						: leave_out(path, &why, notes);
}

/* What is installed counts while it is not older than what is built in: a
 * program does not go back to the facts of its predecessor. */
static int add_installed(struct nicdb *db, const char *path, struct buf *notes)
{
	OWN(nicdb) struct nicdb *installed = nicdb_make();

	if (!installed)
		return -ENOMEM;
	int result = add_file(installed, path, notes);
	if (result < 0 || nicdb_date(installed) < nicdb_date(db))
		return result;
	return add_file(db, path, notes);
}

static int is_facts(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 5 &&
	       !strcmp(entry->d_name + length - 5, ".conf");
}

static int add_directory(struct nicdb *db, const char *directory,
			 struct buf *notes)
{
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, is_facts, alphasort);
	int result = 0;

	if (count < 0 && errno == ENOMEM)
		return -ENOMEM;
	if (count < 0 && errno != ENOENT)
		buf_addf(notes, "cannot read %s: %s\n", directory,
			 strerror(errno));
	for (int i = 0; i < count; i++) {
		OWN_BUF struct buf path = BUF_INIT;

		buf_addf(&path, "%s/%s", directory, entries[i]->d_name);
		if (path.has_failed)
			result = -ENOMEM;
		if (result == 0)
			result = add_file(db, buf_text(&path), notes);
		free(entries[i]);
	}
	free(entries);
	return result;
}

int nicdb_load(const char *installed, const char *overrides, struct nicdb **out,
	       struct buf *notes, struct err *err)
{
	OWN(nicdb) struct nicdb *db = nicdb_make();

	if (!db)
		return err_no_memory(err);
	int result = nicdb_add(db, nicdb_builtin, nicdb_builtin_size,
			       "drivers.conf (built in)", err);
	if (result == 0)
		result = add_installed(db, installed, notes);
	if (result == 0)
		result = add_directory(db, overrides, notes);
	if (result == -ENOMEM)
		return err_no_memory(err);
	if (result < 0)
		return result;
	*out = take(db);
	return 0;
}

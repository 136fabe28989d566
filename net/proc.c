// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "net/proc.h"

FILE *proc_open(const char *path, struct fact *fact)
{
	FILE *file = fopen(path, "re");
	int error = errno;

	if (file)
		return file;
	/* A /proc that is not mounted says nothing about what is not there. */
	if (error != ENOENT || access("/proc/net", X_OK) != 0 ||
	    access("/proc/sys/net", X_OK) != 0)
		fact_unknown(fact, "%s cannot be read (%s)", path,
			     strerror(error));
	return NULL;
}

void proc_read_switch(const char *path, struct fact *fact)
{
	OWN_FILE FILE *file = proc_open(path, fact);
	long value = 0;

	if (!file)
		return;
	if (fscanf(file, "%ld", &value) != 1)
		fact_unknown(fact, "%s does not have the expected number",
			     path);
	else if (value)
		fact_yes(fact, "%s is %ld", path, value);
}

void proc_read_list(const char *path, unsigned int heading, const char *what,
		    struct fact *fact)
{
	OWN_FILE FILE *file = proc_open(path, fact);
	unsigned int lines = 0;
	int c;

	if (!file)
		return;
	while (lines <= heading && (c = getc(file)) != EOF)
		lines += c == '\n';
	if (lines > heading)
		fact_yes(fact, "%s lists %s", path, what);
	else if (ferror(file))
		fact_unknown(fact, "%s cannot be read to its end", path);
}

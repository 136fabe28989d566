/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The rows of a file of driver facts: where each may stand, what it says. */
#include "nicdb/parse.h"

struct parser {
	struct nicdb_file *file;
	const char *name;
	unsigned int line;
	size_t room; /* in file->drivers */
	struct nicdb_driver *driver;
	struct nicdb_need *need;   /* the last row, where it is one */
	struct nicdb_range *range; /* of the last row that has one */
	struct err *err;
};

/* One row, without blanks around it. Returns 0, -EINVAL or -ENOMEM. */
int row_read(struct parser *parser, const char *text);

/* What the last driver must have; asked when the next one begins. */
int row_check_driver(struct parser *parser);

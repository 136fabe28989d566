/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* One file of driver facts. */
#include "base/arena.h"
#include "nicdb/nicdb.h"

struct nicdb_file {
	struct arena *arena; /* of everything in it */
	uint32_t date;	     /* YYYYMMDD, 0: none was given */
	struct nicdb_driver **drivers;
	size_t count;
};

/* As nicdb_add(); *@out is freed with nicdb_file_free(). */
int nicdb_file_parse(const char *text, size_t length, const char *name,
		     struct nicdb_file **out, struct err *err);
void nicdb_file_free(struct nicdb_file *file);
OWN_DEFINE(nicdb_file)

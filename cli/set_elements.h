/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Elements of a set from the command line or a file. */
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct set_elements {
	const char **items; /* point into .text, or are the words given */
	size_t count, room;
	struct buf text;
};

void set_elements_free(struct set_elements *elements);
#define OWN_SET_ELEMENTS __attribute__((cleanup(set_elements_free)))

/* 0 or -ENOMEM; the words must outlive @out. */
int set_elements_words(char *const *words, size_t count,
		       struct set_elements *out, struct err *err);

/*
 * The first word of each line of @path ("-" is stdin); of lines `add NAME
 * ELEMENT`, as ipset save prints them, those of the set @name. Comments begin
 * with '#' or ';'. Returns 0, or -errno as file_read().
 */
int set_elements_file(const char *path, const char *name,
		      struct set_elements *out, struct err *err);

/* The same of what stands in @out->text, which is written to. -EINVAL when it
 * is no text. */
int set_elements_cut(const char *name, struct set_elements *out,
		     struct err *err);

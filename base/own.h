/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Owned resources: a local that owns something wears OWN(x), where x_free(p)
 * (NULL is fine) releases what a `struct x *` owns. It leaves its scope only
 * through take(), which hands it over and forgets it here.
 *
 *	OWN(ruleset) struct ruleset *rules = NULL;
 *	...
 *	*out = take(rules);
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OWN(x) __attribute__((cleanup(x##_cleanup)))

/* Once beside the declaration of x_free(struct x *). */
#define OWN_DEFINE(x)                                                          \
	static inline void x##_cleanup(struct x **p)                           \
	{                                                                      \
		x##_free(*p);                                                  \
	}

#define take(p)                                                                \
	({                                                                     \
		__typeof__(p) taken_ = (p);                                    \
		(p) = NULL;                                                    \
		taken_;                                                        \
	})

/* malloc()ed memory of any pointer type. */
#define OWN_MEM __attribute__((cleanup(own_mem_cleanup)))
static inline void own_mem_cleanup(void *p)
{
	free(*(void **)p);
}

/* A file descriptor; -1 owns nothing. */
#define OWN_FD __attribute__((cleanup(own_fd_cleanup)))
static inline void own_fd_cleanup(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* A stdio stream; NULL owns nothing. */
#define OWN_FILE __attribute__((cleanup(own_file_cleanup)))
static inline void own_file_cleanup(FILE **file)
{
	if (*file)
		fclose(*file);
}

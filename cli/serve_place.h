/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* A place to listen at, on this machine only. */
#include <sys/socket.h>

#include "base/err.h"

struct serve_place {
	struct sockaddr_storage address;
	socklen_t size;
	const char *path; /* of a UNIX socket; NULL: it is none */
};

/* ERR_USAGE when others than this machine could reach it. */
int serve_place_parse(const char *where, struct serve_place *out,
		      struct err *err);

/*
 * An fd that listens there, or -errno. A UNIX socket takes the place of one
 * that nobody listens at any more, and belongs to @group (NULL: root's).
 */
int serve_place_open(const struct serve_place *place, const char *group,
		     struct err *err);

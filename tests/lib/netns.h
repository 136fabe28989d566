/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Network namespaces without names: they are gone when the process that made
 * them is, however it ends.
 */
#include "base/err.h"

/* The network of tests/lib/topology.h: fds of the two namespaces. */
struct netns {
	int host;  /* eth0, eth1, addresses and routes */
	int outer; /* p0, the peer of eth0, and p1, the peer of eth1 */
};

/* Make both and stay in the host's. Returns 0 or -errno. */
int netns_make(struct netns *out, struct err *err);
int netns_enter(int fd, struct err *err);

/* A shell command in the present namespace; @input, unless NULL, is what it
 * reads. -EIO when it does not end with status 0. */
int netns_run(const char *command, const char *input, struct err *err);

/* What a shell command prints, malloc()ed; NULL when it fails. */
char *netns_read(const char *command, struct err *err);

/* A raw packet socket on @iface of namespace @ns, to send frames; or -errno. */
int netns_packet_socket(const struct netns *netns, int ns, const char *iface,
			struct err *err);

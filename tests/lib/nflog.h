/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Copies of packets from the kernel's `log group N` (nfnetlink_log), in the
 * order in which the rules saw them.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct nflog_event {
	const char *prefix;
	uint16_t group;
	uint32_t out; /* ifindex, 0: none */
	const uint8_t *packet;
	size_t length;
};

typedef void nflog_fn(void *context, const struct nflog_event *event);

/* A socket that hears @group of the present namespace, or -errno. */
int nflog_open(uint16_t group, struct err *err);

/* The socket hears this group as well. 0 or -errno. */
int nflog_join(int fd, uint16_t group, struct err *err);

/*
 * Wait for one message and hand its events over. -ETIMEDOUT after a second
 * without one; -ENOBUFS when messages were lost.
 */
int nflog_read(int fd, nflog_fn *fn, void *context, struct err *err);

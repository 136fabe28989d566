/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the kernel tells unasked when this network namespace changes. A notice
 * says that it is worth looking, never what is to be seen: notices get lost
 * (the socket's queue is bounded), and some changes send none.
 */
#include <poll.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/own.h"

enum notice {
	NOTICE_LINK = 1 << 0,	 /* interfaces, XDP programs on them */
	NOTICE_ADDRESS = 1 << 1, /* addresses, routes, routing rules */
	NOTICE_RULES = 1 << 2,	 /* nftables, expected connections */
	NOTICE_DEVICE = 1 << 3,	 /* ethtool settings, XDP features, devlink */
	NOTICE_LOST = 1 << 4,	 /* more than could be kept */
};

#define NOTICES_FDS 3

struct notices;

/* What this kernel does not have is left out. */
int notices_open(struct notices **out, struct err *err);
void notices_free(struct notices *notices);
OWN_DEFINE(notices)

/* What to wait for: fills @fds[0..NOTICES_FDS-1]. */
void notices_poll(const struct notices *notices, struct pollfd *fds);

/* Read all that came: NOTICE_* bits, 0 when nothing did. Does not wait. */
unsigned int notices_read(struct notices *notices);

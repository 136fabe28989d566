/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Attaching XDP programs by rtnetlink, so that they stay without a process,
 * and with the kernel's own words (extack) when it refuses.
 */
#include "base/err.h"

enum xdp_mode {
	XDP_MODE_NATIVE,
	XDP_MODE_GENERIC,
	XDP_MODE_HW,
};

/*
 * Attach @prog_fd. @expected_fd: the program that must be there now and is
 * replaced atomically (XDP_FLAGS_REPLACE), or -1: there must be none
 * (XDP_FLAGS_UPDATE_IF_NOEXIST). Returns 0 or -errno with the driver's text.
 */
int xdp_attach(int ifindex, enum xdp_mode mode, int prog_fd, int expected_fd,
	       struct err *err);

/* Detach the program @expected_fd; -errno when another one is there. */
int xdp_detach(int ifindex, enum xdp_mode mode, int expected_fd,
	       struct err *err);

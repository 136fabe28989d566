/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Files that decide what this machine filters: nobody but their owner, who is
 * root or whoever runs this, may be able to change or replace them.
 */
#include "base/err.h"

/*
 * May the file or directory at @path be believed, and every directory on its
 * way, that of a symbolic link included? ERR_INPUT names the first one that
 * others may change, and the remedy; ERR_SYSTEM: it is not to be had.
 */
int trust_check(const char *path, struct err *err);

/* Is this open file as trust_check() wants it? @path is its name only. */
int trust_check_fd(int fd, const char *path, struct err *err);

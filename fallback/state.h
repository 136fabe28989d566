/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Records of what was applied: one file under /run/wirewall for each program,
 * named by its id and tag. They carry names for people only; what is attached
 * and what it drops is known from the kernel, so that losing them all loses
 * nothing else.
 *
 * 1. A record is written whole or not at all (a temporary file, renamed).
 * 2. No two programs share a record, whatever namespaces they are in.
 * 3. A record of a program that is gone is removed by the next state_prune().
 */
#include "fallback/ident.h"

#define STATE_DIR "/run/wirewall"

/* Keep @record for the program @ident. Returns 0 or -errno. */
int state_write(const struct ident *ident, const char *record, struct err *err);

/* The record as malloc()ed text in *@out; -ENOENT when there is none. */
int state_read(const struct ident *ident, char **out, struct err *err);

/* Remove the records of programs that are gone. What fails is left there. */
void state_prune(void);

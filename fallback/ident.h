/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What tells one loaded program from every other one of this machine: ids are
 * given out once for all namespaces, and the tag guards against an id that is
 * given out again.
 */
#include <linux/bpf.h>
#include <stdint.h>

#include "base/err.h"

struct ident {
	uint32_t prog_id;
	uint8_t tag[BPF_TAG_SIZE];
	char name[BPF_OBJ_NAME_LEN]; /* "" when it has none */
	uint64_t loaded;	     /* ns since the boot (CLOCK_BOOTTIME) */
};

/* -ENOENT when there is no such program (any more), or another -errno. */
int ident_get(uint32_t prog_id, struct ident *out, struct err *err);

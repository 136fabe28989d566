/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What a program in the kernel was told when it was loaded. */
#include <stdint.h>

#include "base/err.h"
#include "base/own.h"
#include "bpf/wire.h"

/*
 * Of a program of ours for this host, loaded by this version. 0, -ENOENT for
 * one of another version or for a card, -errno.
 */
int settings_read(uint32_t prog_id, struct wire_settings *out, struct err *err);

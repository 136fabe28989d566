/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What libbpf would print to stderr, kept as text instead. libbpf has one
 * printer for the whole process, so only one capture at a time.
 */
#include "base/buf.h"

void capture_begin(struct buf *text);
void capture_end(void);

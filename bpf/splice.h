/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Putting emitted code into a program that clang built: the body of its last
 * subprogram, classify(), is replaced while libbpf loads it.
 */
#include <bpf/libbpf.h>

#include "bpf/maps.h"
#include "bpf/program.h"

/* The section of programs that get a body. */
#define SPLICE_SECTION "xdp/wirewall"

/*
 * Programs of that section that are opened and loaded until splice_end() get
 * @program's code, reading @maps, one at a time. 0, or -errno from libbpf.
 */
int splice_begin(const struct program *program, const struct maps *maps);
void splice_end(void);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Putting emitted code into a program that clang built: the body of its last
 * subprogram, classify(), is replaced while libbpf loads it.
 */
#include <bpf/libbpf.h>

#include "bpf/program.h"

/* What to put in; must stay until the program is loaded. */
struct splice {
	const struct program *program;
	int handler; /* libbpf's id of the registration */
};

/*
 * Programs of section "xdp" that are opened and loaded until splice_end() get
 * @program's code. 0, or -errno from libbpf.
 */
int splice_begin(struct splice *splice, const struct program *program);
void splice_end(struct splice *splice);

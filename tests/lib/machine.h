/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What emitted code does, without a kernel: an interpreter for the
 * instructions that bpf/code.h writes. It checks every access: a read outside
 * of the header, the stack or the table that was named ends the run.
 */
#include "bpf/program.h"

/*
 * What classify() of @program returns for @header, or -EFAULT for a read that
 * no verifier would allow, -ELOOP when it does not end.
 */
int64_t machine_run(const struct program *program,
		    const struct wire_header *header);

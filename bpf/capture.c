// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/own.h"
#include "bpf/capture.h"

/* libbpf passes nothing of ours to its printer. */
static struct buf *captured;
static libbpf_print_fn_t former;

__attribute__((format(printf, 2, 0))) static int
keep(enum libbpf_print_level level, const char *format, va_list args)
{
	OWN_MEM char *line = NULL;

	if (level == LIBBPF_DEBUG)
		return 0;

	int length = vasprintf(&line, format, args);
	if (length < 0) {
		line = NULL;
		return 0;
	}
	buf_addn(captured, line, length);
	return length;
}

void capture_begin(struct buf *text)
{
	assert(!captured);
	captured = text;
	former = libbpf_set_print(keep);
}

void capture_end(void)
{
	libbpf_set_print(former);
	captured = NULL;
}

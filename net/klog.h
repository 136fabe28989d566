/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the kernel says nowhere but in its log (dmesg): drivers of cards give
 * the reason of some refusals only there.
 */
#include <stddef.h>

/*
 * Begin to listen: a descriptor, to be closed by the caller, or -1 when the log
 * cannot be read.
 */
int klog_begin(void);

/*
 * The last line since klog_begin() that has one of @words (as "nfp", "eth0")
 * in it, whatever the case; "" when there is none.
 */
void klog_last(int fd, const char *const *words, size_t count, char *out,
	       size_t size);

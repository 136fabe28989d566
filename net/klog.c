// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/klog.h"

/* A record is "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT\n", and facts about it. */
#define RECORD_MAX 8192

int klog_begin(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* What other programs write to the log is not the kernel's word. */
static bool is_of_kernel(const char *record)
{
	return strtoul(record, NULL, 10) >> 3 == 0;
}

static bool has_word(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasestr(text, words[i]))
			return true;
	}
	return false;
}

void klog_last(int fd, const char *const *words, size_t count, char *out,
	       size_t size)
{
	char record[RECORD_MAX];

	*out = '\0';
	while (fd >= 0) {
		ssize_t length = read(fd, record, sizeof(record) - 1);

		/* EPIPE: records were overwritten; the next one is there. */
		if (length < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (length <= 0)
			return;
		record[length] = '\0';

		char *text = strchr(record, ';');
		if (!text || !is_of_kernel(record))
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (has_word(text + 1, words, count))
			snprintf(out, size, "%s", text + 1);
	}
}

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * For tests that need a kernel: a network namespace of the test's own, which
 * dies with the process, and programs of two instructions.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <bpf/bpf.h>
#include <dirent.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* Run a command, quietly; true when it succeeded. */
static inline bool netns_run(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static inline bool netns_run(const char *format, ...)
{
	char command[512] = "exec >/dev/null 2>&1; ";
	size_t used = strlen(command);
	va_list args;

	va_start(args, format);
	int length =
		vsnprintf(command + used, sizeof(command) - used, format, args);
	va_end(args);
	assert_in_range(length, 1, sizeof(command) - used - 1);
	return system(command) == 0;
}

#define assert_run(...) assert_true(netns_run(__VA_ARGS__))

/* Skip the test, saying why. */
#define skip_because(why)                                                      \
	do {                                                                   \
		print_message("%s\n", why);                                    \
		skip();                                                        \
	} while (0)

/*
 * A fresh network namespace, and a mount namespace with an empty /run, each
 * time it is called. Skips without root.
 */
#define netns_enter()                                                          \
	do {                                                                   \
		if (geteuid() != 0)                                            \
			skip_because("needs root for a network namespace");    \
		if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0)                  \
			skip_because("this machine gives no namespaces");      \
		assert_return_code(mount("none", "/", NULL,                    \
					 MS_REC | MS_PRIVATE, NULL),           \
				   0);                                         \
		assert_return_code(mount("none", "/run", "tmpfs", 0, NULL),    \
				   0);                                         \
	} while (0)

/* The fd of a program that returns @verdict. */
static inline int netns_program(const char *name, int verdict)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, name, "GPL", insns, 2, NULL);

	assert_true(fd >= 0);
	return fd;
}

static inline uint32_t netns_program_id(int fd)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);

	assert_return_code(bpf_obj_get_info_by_fd(fd, &info, &size), 0);
	return info.id;
}

static inline size_t netns_count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

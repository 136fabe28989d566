// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "bpf/capture.h"
#include "bpf/trial.h"
#include "bpf/trial_words.h"

#define LOG_SIZE   (1 << 20)
#define RECORD_MAX 8192 /* of the kernel's log */

const char *trial_stage_name(enum trial_stage stage)
{
	switch (stage) {
	case TRIAL_ACCEPTED:
		return "accepted";
	case TRIAL_MAP:
		return "map";
	case TRIAL_VERIFIER:
		return "verifier";
	case TRIAL_JIT:
		return "jit";
	case TRIAL_LOAD:
		return "load";
	}
	return NULL;
}

void trial_free(struct trial *trial)
{
	if (!trial)
		return;
	bpf_object__close(trial->object);
	free(trial);
}

/* The kernel's log from here on, or -1 where it may not be read. */
static int kernel_log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* The driver's first line of the log since then, or "". */
static void kernel_log_read(int fd, char *to, size_t size)
{
	char record[RECORD_MAX];
	ssize_t length;

	*to = '\0';
	while (fd >= 0 && !*to) {
		length = read(fd, record, sizeof(record) - 1);
		if (length < 0 && errno == EPIPE)
			continue; /* records were overwritten */
		if (length <= 0)
			return;
		record[length] = '\0';
		trial_words_of_record(record, to, size);
	}
}

static int measure(struct trial *trial)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int result = bpf_obj_get_info_by_fd(trial->prog_fd, &info, &size);

	if (result)
		return -errno;
	trial->insns = info.xlated_prog_len / sizeof(struct bpf_insn);
	trial->native_insns = info.jited_prog_len / sizeof(__u64);
	return 0;
}

/* All programs but one stay out, and everything is for this device. */
static struct bpf_program *choose(struct bpf_object *object, const char *name,
				  int ifindex)
{
	struct bpf_program *program, *chosen = NULL;
	struct bpf_map *map;

	bpf_object__for_each_program(program, object)
	{
		bool is_it =
			!chosen &&
			(!name || !strcmp(bpf_program__name(program), name));

		bpf_program__set_autoload(program, is_it);
		bpf_program__set_ifindex(program, ifindex);
		if (is_it)
			chosen = program;
	}
	bpf_object__for_each_map(map, object)
	{
		/* The one that belongs to no device: kernel/bpf/offload.c. */
		if (bpf_map__type(map) != BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			bpf_map__set_ifindex(map, ifindex);
	}
	return chosen;
}

static int try_load(struct trial *trial, struct bpf_program *program,
		    struct buf *said, struct err *err)
{
	OWN_MEM char *log = calloc(1, LOG_SIZE);
	OWN_FD int kernel_log = kernel_log_open();
	char kernel[256] = "";
	int result;

	if (!log)
		return err_no_memory(err);
	bpf_program__set_log_buf(program, log, LOG_SIZE);
	bpf_program__set_log_level(program, 1);
	result = bpf_object__load(trial->object);
	if (!result) {
		trial->prog_fd = bpf_program__fd(program);
		result = measure(trial);
	}
	if (result) {
		trial->errnum = -result;
		kernel_log_read(kernel_log, kernel, sizeof(kernel));
		trial_words_judge(trial, log, buf_text(said), kernel);
	}
	return 0;
}

static int open_object(const char *path, struct trial *trial, struct err *err)
{
	trial->object = bpf_object__open_file(path, NULL);
	if (!trial->object)
		return err_input(err, "%s: libbpf cannot read it: %s", path,
				 strerror(errno));
	return 0;
}

int trial_load(const char *path, const char *name, int ifindex,
	       struct trial **out, struct err *err)
{
	OWN(trial) struct trial *trial = calloc(1, sizeof(*trial));
	OWN_BUF struct buf said = BUF_INIT;
	struct bpf_program *program;
	int result;

	if (!trial)
		return err_no_memory(err);
	trial->prog_fd = -1;
	capture_begin(&said);
	result = open_object(path, trial, err);
	if (!result) {
		program = choose(trial->object, name, ifindex);
		result = program ? try_load(trial, program, &said, err)
				 : err_input(err, "%s has no program %s", path,
					     name ? name : "at all");
	}
	capture_end();
	if (!result)
		*out = take(trial);
	return result;
}

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

#define LOG_SIZE (1 << 20)

/* nfp says in the kernel's log why it refuses a map or cannot translate. */
#define DRIVER_PREFIX "NFP net bpf: "
/* ... and in the verifier's what it does not let pass. */
#define DRIVER_VERIFIER "[nfp] "

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
	char record[1024];
	ssize_t length;

	while (fd >= 0) {
		length = read(fd, record, sizeof(record) - 1);
		if (length < 0 && errno == EPIPE)
			continue; /* records were overwritten */
		if (length <= 0)
			return;
		record[length] = '\0';
		/* facility and time; the text; more lines */
		const char *text = strchr(record, ';');
		if (!text || strncmp(text + 1, DRIVER_PREFIX,
				     strlen(DRIVER_PREFIX)) != 0)
			continue;
		text += 1 + strlen(DRIVER_PREFIX);
		snprintf(to, size, "%.*s", (int)strcspn(text, "\n"), text);
		return;
	}
}

static bool is_statistics(const char *line)
{
	return !strncmp(line, "processed ", 10) ||
	       !strncmp(line, "mark_precise", 12) ||
	       !strncmp(line, "verification time", 17) ||
	       !strncmp(line, "stack depth", 11);
}

/* The driver's last line of the verifier's log, or the last that says something:
 * its warnings come first. */
static void verifier_words(const char *log, char *to, size_t size)
{
	const char *best = NULL;

	for (const char *at = log; *at;) {
		size_t length = strcspn(at, "\n");

		if (!strncmp(at, DRIVER_VERIFIER, strlen(DRIVER_VERIFIER)))
			best = at + strlen(DRIVER_VERIFIER);
		else if (!best && length && *at != ';' && !is_statistics(at))
			snprintf(to, size, "%.*s", (int)length, at);
		at += length + (at[length] == '\n');
	}
	if (best)
		snprintf(to, size, "%.*s", (int)strcspn(best, "\n"), best);
}

/* libbpf's last line, without what it tries again by itself. */
static void libbpf_words(const char *said, char *to, size_t size)
{
	static const char prefix[] = "libbpf: ";

	while (*said) {
		size_t length = strcspn(said, "\n");
		size_t skip = strncmp(said, prefix, strlen(prefix))
				      ? 0
				      : strlen(prefix);
		OWN_MEM char *line = strndup(said + skip, length - skip);

		if (line && *line && !strstr(line, "Retrying") &&
		    !strstr(line, "failed to load object"))
			snprintf(to, size, "%s", line);
		said += length + (said[length] == '\n');
	}
}

/* libbpf makes the maps first and says so only in words. */
static bool is_map_refusal(const char *said)
{
	return strstr(said, "failed to create") || strstr(said, "map '");
}

static void judge_refusal(struct trial *trial, const char *log,
			  const char *said, const char *kernel)
{
	/* It translates what the verifier has passed. */
	if (*kernel && *log && !strstr(log, DRIVER_VERIFIER))
		trial->stage = TRIAL_JIT;
	else if (*log)
		trial->stage = TRIAL_VERIFIER;
	else if (is_map_refusal(said))
		trial->stage = TRIAL_MAP;
	else
		trial->stage = TRIAL_LOAD;
	if (*kernel)
		snprintf(trial->words, sizeof(trial->words), "%s", kernel);
	else if (*log)
		verifier_words(log, trial->words, sizeof(trial->words));
	else
		libbpf_words(said, trial->words, sizeof(trial->words));
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
		judge_refusal(trial, log, buf_text(said), kernel);
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

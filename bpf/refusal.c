// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "bpf/refusal.h"

/* CAP_SYS_ADMIN stands for all of them. */
static const struct {
	unsigned int number;
	const char *name;
} capabilities[] = {
	{ CAP_BPF, "CAP_BPF" },
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN" },
	{ CAP_PERFMON, "CAP_PERFMON" },
	{ CAP_SYS_ADMIN, "CAP_SYS_ADMIN" },
};

static bool has_capability(unsigned int number)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data))
		return true; /* not known to be missing */
	return data[CAP_TO_INDEX(number)].effective & CAP_TO_MASK(number);
}

static int refuse_permission(struct err *err, const char *what)
{
	OWN_BUF struct buf missing = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++) {
		if (!has_capability(capabilities[i].number))
			buf_addf(&missing, "%s%s", missing.length ? ", " : "",
				 capabilities[i].name);
	}
	if (has_capability(CAP_SYS_ADMIN) || missing.has_failed)
		return err_system(
			err, EPERM,
			"%s although this process has CAP_SYS_ADMIN: a user "
			"namespace (container), kernel lockdown or a security "
			"module forbids BPF; run it on the host itself",
			what);
	return err_system(err, EPERM,
			  "%s: this process lacks %s; run it as root", what,
			  buf_text(&missing));
}

#define LOG_BEGIN "-- BEGIN PROG LOAD LOG --\n"
#define LOG_END	  "-- END PROG LOAD LOG --"
#define LOG_LINES 3

/* The verifier's statistics follow its last words. */
#define LOG_STATISTICS "\nprocessed "

static const char *line_start(const char *start, const char *at)
{
	while (at > start && at[-1] != '\n')
		at--;
	return at;
}

/* The last lines between @start and @end, without those of source code. */
static void add_lines(struct buf *out, const char *start, const char *end)
{
	const char *lines[LOG_LINES], *at = end;
	size_t count = 0;

	while (at > start && count < LOG_LINES) {
		const char *line = line_start(start, at);

		if (*line != ';')
			lines[count++] = line;
		at = line > start ? line - 1 : start;
	}
	while (count--) {
		size_t length = strcspn(lines[count], "\n");

		if (lines[count] + length > end)
			length = end - lines[count];
		buf_addn(out, lines[count], length);
		buf_add(out, count ? "; " : "");
	}
}

/* What matters of libbpf's words: the end of the verifier's, or the last. */
static void add_reason(struct buf *out, const char *log)
{
	const char *begin = strstr(log, LOG_BEGIN);
	const char *end = log + strlen(log);

	if (begin) {
		begin += strlen(LOG_BEGIN);

		const char *stop = strstr(begin, LOG_END);
		const char *statistics = strstr(begin, LOG_STATISTICS);
		end = statistics ? statistics : stop ? stop : end;
	} else {
		begin = log;
	}
	while (end > begin && end[-1] == '\n')
		end--;
	if (end > begin) {
		buf_add(out, "; its last words: ");
		add_lines(out, begin, end);
	}
}

int refusal_set(struct err *err, int errnum, const char *what, const char *log)
{
	OWN_BUF struct buf reason = BUF_INIT;

	if (errnum == EPERM)
		return refuse_permission(err, what);
	add_reason(&reason, log);
	return err_system(err, errnum, "%s%.1500s", what, buf_text(&reason));
}

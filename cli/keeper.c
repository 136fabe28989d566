// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>

#include "base/num.h"
#include "base/own.h"
#include "cli/keeper.h"
#include "fallback/claim.h"
#include "fallback/state.h"

#define WORD_MS	       2000
#define ATTACH_SECONDS 30

/* What the keeper tells the command that started it. */
struct news {
	int result;
	struct err err;
};

static bool write_all(int fd, const void *data, size_t size)
{
	for (const char *next = data; size;) {
		ssize_t done = write(fd, next, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		next += done;
		size -= done;
	}
	return true;
}

static bool read_all(int fd, void *data, size_t size)
{
	for (char *next = data; size;) {
		ssize_t done = read(fd, next, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		next += done;
		size -= done;
	}
	return true;
}

static long seconds_now(void)
{
	struct timespec now;

	/* Time goes on while a laptop sleeps. */
	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

/* Nothing that happens to the terminal reaches this process any more. */
static void leave_terminal(sigset_t *wanted)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	sigemptyset(wanted);
	sigaddset(wanted, SIGTERM);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	sigprocmask(SIG_BLOCK, wanted, NULL);
	setsid();
	for (int fd = 0; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (chdir("/") < 0)
		return; /* it keeps a file system busy, no more */
}

static void answer(int fd, long deadline, const struct apply_result *results,
		   size_t count)
{
	struct keeper_answer answer = { 0 };
	long left = deadline - seconds_now();
	size_t told = 0;

	answer.seconds = left > 0 ? left : 0;
	for (size_t i = 0; i < count && told < ARRAY_SIZE(answer.prog_ids);
	     i++) {
		if (results[i].prog_id)
			answer.prog_ids[told++] = results[i].prog_id;
	}
	write_all(fd, &answer, sizeof(answer));
}

/* What a caller says; KEEPER_ASK for nothing at all. */
static enum keeper_word listen_to(int listening, long deadline,
				  const struct apply_result *results,
				  size_t count)
{
	OWN_FD int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char word = KEEPER_ASK;

	if (fd < 0 || poll(&ready, 1, WORD_MS) <= 0 || read(fd, &word, 1) != 1)
		return KEEPER_ASK;
	answer(fd, deadline, results, count);
	/* Anybody may ask. */
	return claim_trusts(fd, NULL) ? (enum keeper_word)word : KEEPER_ASK;
}

/* Until somebody decides, or the time is over: shall it be undone? */
static bool wait_for_word(int listening, int signals, long deadline,
			  const struct apply_result *results, size_t count)
{
	for (;;) {
		struct pollfd ready[] = {
			{ .fd = listening, .events = POLLIN },
			{ .fd = signals, .events = POLLIN },
		};
		long left = deadline - seconds_now();

		if (left <= 0)
			return true;
		poll(ready, ARRAY_SIZE(ready), left > 1 ? 1000 : 100);
		if (ready[1].revents)
			return true;
		if (!ready[0].revents)
			continue;
		if (listen_to(listening, deadline, results, count) !=
		    KEEPER_ASK)
			return false;
	}
}

static void undo(struct applied *applied)
{
	struct err err;
	int result = applied_undo(applied, &err);

	openlog("wirewall", LOG_PID, LOG_DAEMON);
	if (result < 0)
		syslog(LOG_ERR, "nobody confirmed what was applied: %s",
		       err.text);
	else
		syslog(LOG_WARNING, "nobody confirmed what was applied: the "
				    "former programs are back");
}

struct keeping {
	const struct apply_request *requests;
	size_t count;
	struct apply_result *results;
	unsigned int seconds;
};

/* Attach, and tell the news. Returns what the keeper then has, or NULL. */
static struct applied *attach(const struct keeping *keeping, int *listening,
			      int telling)
{
	struct news news = { 0 };
	struct applied *applied = NULL;

	*listening = claim_take(CLAIM_CONFIRM, &news.err);
	news.result = *listening < 0 ? *listening : 0;
	if (news.result == 0)
		news.result = apply_hold(keeping->requests, keeping->count,
					 keeping->results, &applied, &news.err);
	write_all(telling, &news, sizeof(news));
	write_all(telling, keeping->results,
		  keeping->count * sizeof(*keeping->results));
	return applied;
}

/* In the keeper's process: never returns. */
static void keep(const struct keeping *keeping, int telling)
{
	int listening = -1;
	sigset_t wanted;

	leave_terminal(&wanted);
	int signals = signalfd(-1, &wanted, SFD_CLOEXEC);
	struct applied *applied = attach(keeping, &listening, telling);
	close(telling);
	long deadline = seconds_now() + keeping->seconds;
	if (applied && wait_for_word(listening, signals, deadline,
				     keeping->results, keeping->count))
		undo(applied);
	applied_free(applied);
	state_prune();
	_exit(0);
}

int keeper_apply(const struct apply_request *requests, size_t count,
		 struct apply_result *results, unsigned int seconds,
		 struct err *err)
{
	const struct keeping keeping = { requests, count, results, seconds };
	struct news news;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_system(err, errno, "cannot make a pipe");
	OWN_FD int reading = ends[0];
	OWN_FD int writing = ends[1];
	pid_t pid = fork();
	if (pid < 0)
		return err_system(err, errno,
				  "cannot start the process that would roll "
				  "back; nothing was changed");
	if (pid == 0) {
		close(reading);
		keep(&keeping, writing);
	}
	close(take_fd(&writing));
	if (!read_all(reading, &news, sizeof(news)) ||
	    !read_all(reading, results, count * sizeof(*results)))
		return err_system(err, EIO,
				  "the process that would roll back has died; "
				  "wirewall status shows what is attached");
	if (news.result < 0)
		*err = news.err;
	return news.result;
}

int keeper_tell(enum keeper_word word, struct keeper_answer *out,
		struct err *err)
{
	OWN_FD int fd = claim_connect(CLAIM_CONFIRM, NULL, err);
	/* It may be attaching just now. */
	const struct timeval patience = { .tv_sec = ATTACH_SECONDS };
	char letter = (char)word;

	if (fd < 0)
		return fd;
	fcntl(fd, F_SETFL, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (!write_all(fd, &letter, 1) ||
	    (out && !read_all(fd, out, sizeof(*out))))
		return err_system(err, ENOENT,
				  "the process that waited for a confirmation "
				  "ended just now");
	return 0;
}

int keeper_check_none(struct err *err)
{
	struct err unseen;
	pid_t pid = 0;
	OWN_FD int fd = claim_connect(CLAIM_CONFIRM, &pid, &unseen);

	if (fd < 0)
		return 0;
	err_set(err, ERR_SYSTEM, 0,
		"what was applied before waits for \"wirewall confirm\" (the "
		"process %d does): confirm it, or wait until it is rolled back",
		(int)pid);
	return -EBUSY;
}

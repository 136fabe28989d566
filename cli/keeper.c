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

#define WORD_MS	  2000
#define ANSWER_MS 30000 /* it may be attaching just now */
#define TRIES	  3	/* to say a word */
#define PAUSE_MS  50
/* Programs expire so much later than they are rolled back, if they are. */
#define GRACE_SECONDS 2
#define UNDO_TRIES    20
#define UNDO_PAUSE_MS 250

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

/* 0 or -errno; -EPIPE: it ended before. */
static int read_all(int fd, void *data, size_t size)
{
	for (char *next = data; size;) {
		ssize_t done = read(fd, next, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done < 0 ? -errno : -EPIPE;
		next += done;
		size -= done;
	}
	return 0;
}

static long seconds_now(void)
{
	struct timespec now;

	/* Time goes on while a laptop sleeps. */
	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

/* Nothing that happens to the terminal reaches this process any more. */
static void leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	setsid();
	for (int fd = 0; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (chdir("/") < 0)
		return; /* it keeps a file system busy, no more */
}

/* What the keeper has, once it is attached. */
struct waiting {
	struct applied *applied;
	const struct apply_result *results;
	size_t count;
	int listening, signals;
	long deadline;
};

static unsigned int seconds_left(const struct waiting *waiting)
{
	long left = waiting->deadline - seconds_now();

	return left > 0 ? left : 0;
}

/* Anybody may ask, and who cannot be told from a stranger may say no more. */
static void obey(const struct waiting *waiting, bool is_trusted,
		 enum keeper_word word, struct keeper_answer *out)
{
	struct err err;
	int result = 0;

	if (!is_trusted && word != KEEPER_ASK)
		result = err_set(&err, ERR_SYSTEM, 0,
				 "whoever says so must be root, or who "
				 "applied");
	else if (word == KEEPER_CONFIRM)
		result = applied_confirm(waiting->applied,
					 out->seconds + GRACE_SECONDS, &err);
	out->has_obeyed = result == 0;
	if (result < 0)
		snprintf(out->why_not, sizeof(out->why_not), "%.511s",
			 err.text);
}

static void answer(const struct waiting *waiting, int fd, enum keeper_word word,
		   struct keeper_answer *out)
{
	size_t told = 0;

	*out = (struct keeper_answer){ .seconds = seconds_left(waiting) };
	for (size_t i = 0;
	     i < waiting->count && told < ARRAY_SIZE(out->prog_ids); i++) {
		if (waiting->results[i].prog_id)
			out->prog_ids[told++] = waiting->results[i].prog_id;
	}
	obey(waiting, claim_trusts(fd), word, out);
	write_all(fd, out, sizeof(*out));
}

/* Does the caller decide it? One that was not understood has no answer. */
static bool listen_to(const struct waiting *waiting)
{
	OWN_FD int fd = accept4(waiting->listening, NULL, NULL, SOCK_CLOEXEC);
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	struct keeper_answer said;
	char word;

	if (fd < 0 || poll(&ready, 1, WORD_MS) <= 0 ||
	    read_all(fd, &word, 1) < 0)
		return false;
	if (word != KEEPER_CONFIRM && word != KEEPER_FORGET &&
	    word != KEEPER_ASK)
		return false;
	answer(waiting, fd, word, &said);
	return word != KEEPER_ASK && said.has_obeyed;
}

/* Until somebody decides, or the time is over: shall it be undone? */
static bool wait_for_word(const struct waiting *waiting)
{
	for (;;) {
		struct pollfd ready[] = {
			{ .fd = waiting->listening, .events = POLLIN },
			{ .fd = waiting->signals, .events = POLLIN },
		};
		unsigned int left = seconds_left(waiting);

		if (!left)
			return true;
		if (poll(ready, ARRAY_SIZE(ready), left > 1 ? 1000 : 100) < 0)
			poll(NULL, 0, PAUSE_MS);
		else if (ready[1].revents)
			return true;
		else if (ready[0].revents && listen_to(waiting))
			return false;
	}
}

/* Nobody is left to try it again: what the kernel refuses now it may take. */
static int try_to_undo(struct applied *applied, struct err *err)
{
	int result = applied_undo(applied, err);

	for (int i = 1; result < 0 && i < UNDO_TRIES; i++) {
		poll(NULL, 0, UNDO_PAUSE_MS);
		result = applied_undo(applied, err);
	}
	return result;
}

static void undo(struct applied *applied)
{
	struct err err;
	int result = try_to_undo(applied, &err);

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

/* All that it takes to be told; without it nothing is attached. */
static int prepare(struct waiting *out, struct err *err)
{
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	out->signals = sigprocmask(SIG_BLOCK, &wanted, NULL);
	if (out->signals == 0)
		out->signals = signalfd(-1, &wanted, SFD_CLOEXEC);
	if (out->signals < 0)
		return err_system(err, errno, "cannot wait for signals");
	out->listening = claim_take(CLAIM_CONFIRM, err);
	return out->listening < 0 ? out->listening : 0;
}

/* Attach, and tell the news. */
static void attach(const struct keeping *keeping, struct waiting *out,
		   int telling)
{
	struct news news = { 0 };

	*out = (struct waiting){ .results = keeping->results,
				 .count = keeping->count };
	news.result = prepare(out, &news.err);
	if (news.result == 0)
		news.result =
			apply_hold(keeping->requests, keeping->count,
				   keeping->seconds + GRACE_SECONDS,
				   keeping->results, &out->applied, &news.err);
	out->deadline = seconds_now() + keeping->seconds;
	write_all(telling, &news, sizeof(news));
	write_all(telling, keeping->results,
		  keeping->count * sizeof(*keeping->results));
}

/* In the keeper's process: never returns. */
static void keep(const struct keeping *keeping, int telling)
{
	struct waiting waiting;

	leave_terminal();
	attach(keeping, &waiting, telling);
	close(telling);
	if (waiting.applied && wait_for_word(&waiting))
		undo(waiting.applied);
	applied_free(waiting.applied);
	state_prune();
	_exit(0);
}

/* What became of a keeper that could not tell it. */
static int no_news(int error, unsigned int seconds, struct err *err)
{
	if (error == EPIPE)
		return err_set(err, ERR_SYSTEM, EIO,
			       "the process that would roll back has died; "
			       "what it attached, if it did, passes everything "
			       "in %u seconds; wirewall status shows it",
			       seconds + GRACE_SECONDS);
	return err_system(err, error,
			  "whether it was attached is not known; if it was, "
			  "the former state comes back in %u seconds, unless "
			  "\"wirewall confirm\" is said before; wirewall "
			  "status shows it; no answer",
			  seconds);
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
	int result = read_all(reading, &news, sizeof(news));
	if (result == 0)
		result = read_all(reading, results, count * sizeof(*results));
	if (result < 0)
		return no_news(-result, seconds, err);
	if (news.result < 0)
		*err = news.err;
	return news.result;
}

static int read_answer(int fd, struct keeper_answer *out)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int result = poll(&ready, 1, ANSWER_MS);

	if (result <= 0)
		return result < 0 ? -errno : -ETIMEDOUT;
	return read_all(fd, out, sizeof(*out));
}

/* *@was_said: it may have been heard, and nobody knows what it did. */
static int say_once(enum keeper_word word, struct keeper_answer *out,
		    bool *was_said, struct err *err)
{
	OWN_FD int fd = claim_connect(CLAIM_CONFIRM, NULL, err);
	char letter = (char)word;

	if (fd < 0)
		return fd;
	if (send(fd, &letter, 1, MSG_NOSIGNAL) != 1)
		return err_system(err, errno,
				  "the process that waits for a confirmation "
				  "does not listen");
	if (!out)
		return 0;
	*was_said = true;
	int result = read_answer(fd, out);
	if (result < 0)
		return err_system(err, -result, "no answer");
	*was_said = false;
	if (!out->has_obeyed)
		return err_set(err, ERR_SYSTEM, 0, "%s", out->why_not);
	return 0;
}

int keeper_tell(enum keeper_word word, struct keeper_answer *out,
		struct err *err)
{
	bool was_said = false;
	int result = say_once(word, out, &was_said, err);

	/* A word that was heard may be said again. */
	for (int i = 1; i < TRIES && result < 0 && result != -ENOENT &&
			result != -ETIMEDOUT;
	     i++) {
		poll(NULL, 0, PAUSE_MS);
		result = say_once(word, out, &was_said, err);
	}
	if (result == 0 || !was_said)
		return result;
	err_set(err, ERR_SYSTEM, 0,
		"the process that waits for a confirmation was told, but did "
		"not answer");
	return -ENOMSG;
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

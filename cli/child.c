// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/num.h"
#include "base/own.h"
#include "cli/child.h"

#define OUTPUT_MAX ((size_t)256 << 20)

static int find_program(const char *name, char path[64], struct err *err)
{
	static const char *const directories[] = { "/usr/sbin", "/sbin",
						   "/usr/bin", "/bin" };

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		snprintf(path, 64, "%s/%s", directories[i], name);
		if (access(path, X_OK) == 0)
			return 0;
	}
	err_set(err, ERR_SYSTEM, 0,
		"%s is in none of /usr/sbin, /sbin, /usr/bin and /bin: "
		"install it, or give what it prints with --rules or "
		"--sets",
		name);
	return -ENOENT;
}

/* In the child: never returns. Only the locale of the parent is not wanted. */
static void become(const char *path, const char *argument, int out, int notes)
{
	char *const argv[] = { (char *)path, (char *)argument, NULL };
	char *const environment[] = { "PATH=/usr/sbin:/sbin:/usr/bin:/bin",
				      "LC_ALL=C", NULL };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
	    dup2(out, STDOUT_FILENO) >= 0 && dup2(notes, STDERR_FILENO) >= 0)
		execve(path, argv, environment);
	_exit(127);
}

static int read_all(int fd, struct buf *out)
{
	char chunk[65536];

	for (;;) {
		ssize_t length = read(fd, chunk, sizeof(chunk));

		if (length == 0)
			return 0;
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return -errno;
		buf_addn(out, chunk, length);
		if (out->length > OUTPUT_MAX)
			return -EFBIG;
	}
}

static int wait_for(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int judge(const char *path, int status, struct buf *notes,
		 struct err *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	while (notes->length && notes->text[notes->length - 1] == '\n')
		notes->text[--notes->length] = '\0';
	if (WIFSIGNALED(status))
		err_set(err, ERR_SYSTEM, 0, "%s was killed by %s", path,
			strsignal(WTERMSIG(status)));
	else
		err_set(err, ERR_SYSTEM, 0, "%s failed with status %d: %s",
			path, WEXITSTATUS(status),
			notes->length ? buf_text(notes)
				      : "it does not say why");
	return -EIO;
}

int child_read(const char *name, const char *argument, struct buf *out,
	       struct buf *notes, struct err *err)
{
	int status, ends[2] = { -1, -1 };
	char path[64];
	int result = find_program(name, path, err);

	if (result < 0)
		return result;
	/* Its complaints go to memory: reading two pipes can deadlock. */
	OWN_FD int words = memfd_create("stderr", MFD_CLOEXEC);
	if (words < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return err_system(err, errno, "cannot run %s", path);
	OWN_FD int reading = ends[0];
	OWN_FD int writing = ends[1];

	pid_t pid = fork();
	if (pid < 0)
		return err_system(err, errno, "cannot run %s", path);
	if (pid == 0)
		become(path, argument, writing, words);

	close(take_fd(&writing));
	result = read_all(reading, out);
	close(take_fd(&reading));
	int waited = wait_for(pid, &status);
	if (result == 0)
		result = waited;
	if (result == 0 && lseek(words, 0, SEEK_SET) == 0)
		result = read_all(words, notes);
	if (result < 0)
		return err_system(err, -result, "cannot read what %s prints",
				  path);
	if (out->has_failed || notes->has_failed)
		return err_no_memory(err);
	return judge(path, status, notes, err);
}

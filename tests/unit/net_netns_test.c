// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/own.h"
#include "net/link.h"
#include "net/netns.h"

static uint64_t inode_of(const char *path)
{
	struct stat found;

	assert_return_code(stat(path, &found), 0);
	return found.st_ino;
}

static int find_link(void *context, struct err *err)
{
	struct link link;

	return link_get(context, &link, err);
}

static void an_errand_is_done_there_and_nothing_stays(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	assert_run("ip netns add there && ip -n there link add veth7 "
		   "type veth peer name veth8");
	uint64_t own = netns_own();
	uint64_t there = inode_of("/run/netns/there");
	assert_int_not_equal(own, 0);
	assert_int_not_equal(own, there);

	OWN_FD int fd = netns_open(there);
	assert_return_code(fd, 0);
	assert_int_equal(find_link("veth7", &err), -ENODEV);
	assert_int_equal(netns_run_in(fd, find_link, "veth7", &err), 0);
	assert_int_equal(netns_run_in(fd, find_link, "veth9", &err), -ENODEV);
	assert_non_null(strstr(err.text, "veth9"));
	assert_int_equal(netns_own(), own);
	assert_int_equal(find_link("veth7", &err), -ENODEV);
}

static void one_without_a_name_is_found_by_its_processes(void **state)
{
	struct err err;
	char path[64];
	int pipes[2];

	(void)state;
	netns_enter();
	assert_return_code(pipe(pipes), 0);
	pid_t child = fork();
	assert_return_code(child, 0);
	if (child == 0) {
		/* Until the other end is closed. */
		close(pipes[1]);
		_exit(unshare(CLONE_NEWNET) != 0 ||
		      !netns_run("ip link add veth7 type veth") ||
		      read(pipes[0], path, 1) != 0);
	}
	close(pipes[0]);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", child);
	for (int i = 0; i < 200 && inode_of(path) == netns_own(); i++)
		usleep(10000);
	OWN_FD int fd = netns_open(inode_of(path));
	assert_return_code(fd, 0);
	int result = -ENODEV;
	for (int i = 0; i < 200 && result == -ENODEV; i++) {
		usleep(10000);
		result = netns_run_in(fd, find_link, "veth7", &err);
	}
	assert_int_equal(result, 0);
	close(pipes[1]);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_int_equal(result, 0);
}

static void what_nobody_names_is_not_found(void **state)
{
	(void)state;
	netns_enter();
	size_t before = netns_count_fds();

	assert_int_equal(netns_open(1), -ENOENT);
	assert_int_equal(netns_count_fds(), before);
}

static void what_is_no_namespace_is_not_entered(void **state)
{
	struct err err;

	(void)state;
	OWN_FD int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(netns_run_in(fd, find_link, "lo", &err), -EINVAL);
	assert_non_null(strstr(err.text, "cannot enter"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_errand_is_done_there_and_nothing_stays),
		cmocka_unit_test(one_without_a_name_is_found_by_its_processes),
		cmocka_unit_test(what_nobody_names_is_not_found),
		cmocka_unit_test(what_is_no_namespace_is_not_entered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "fallback/claim.h"

/* A process of the user @uid that holds @name until it is killed. */
static pid_t hold(const char *name, uid_t uid)
{
	struct err err;
	char ready;
	int ends[2];

	assert_return_code(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		bool is_held = setuid(uid) == 0 && claim_take(name, &err) >= 0;

		if (!is_held || write(ends[1], "r", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &ready, 1), 1);
	close(ends[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void a_name_is_held_once(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	int fd = claim_take("test", &err);
	assert_true(fd >= 0);
	assert_int_equal(claim_take("test", &err), -EADDRINUSE);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "another wirewall is at it"));
	close(fd);
	fd = claim_take("test", &err);
	assert_true(fd >= 0);
	close(fd);
}

static void who_asks_leaves_nothing_behind(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	assert_false(claim_is_held("test"));
	int fd = claim_take("test", &err);
	assert_true(fd >= 0);
	for (int i = 0; i < 200; i++) {
		assert_true(claim_is_held("test"));
		claim_turn_away(fd);
	}
	close(fd);
	assert_false(claim_is_held("test"));
}

static void another_namespace_has_names_of_its_own(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	int fd = claim_take("test", &err);
	assert_true(fd >= 0);
	netns_enter();
	int other = claim_take("test", &err);
	assert_true(other >= 0);
	close(fd);
	close(other);
}

static void who_waits_comes_next(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	pid_t pid = hold("test", 0);
	if (fork() == 0) {
		usleep(50000);
		kill(pid, SIGKILL);
		_exit(0);
	}
	int fd = claim_wait("test", 30000, &err);
	assert_true(fd >= 0);
	close(fd);
	while (wait(NULL) > 0)
		;
}

static void nobody_waits_for_ever(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	pid_t pid = hold("test", 0);
	assert_int_equal(claim_wait("test", 50, &err), -ETIMEDOUT);
	assert_non_null(strstr(err.text, "another wirewall, the process"));
	end(pid);
}

static void a_stranger_is_not_waited_for(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	pid_t pid = hold("test", 65534);
	assert_int_equal(claim_wait("test", 30000, &err), -EACCES);
	assert_int_equal(claim_connect("test", NULL, &err), -ENOENT);
	assert_int_equal(claim_take("test", &err), -EADDRINUSE);
	assert_non_null(strstr(err.text, "of another user"));
	end(pid);
}

static void the_holder_is_known(void **state)
{
	struct err err;
	pid_t found = 0;

	(void)state;
	netns_enter();
	assert_int_equal(claim_connect("test", &found, &err), -ENOENT);
	pid_t pid = hold("test", 0);
	int fd = claim_connect("test", &found, &err);
	assert_true(fd >= 0);
	assert_int_equal(found, pid);
	close(fd);
	end(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_held_once),
		cmocka_unit_test(who_asks_leaves_nothing_behind),
		cmocka_unit_test(another_namespace_has_names_of_its_own),
		cmocka_unit_test(who_waits_comes_next),
		cmocka_unit_test(nobody_waits_for_ever),
		cmocka_unit_test(a_stranger_is_not_waited_for),
		cmocka_unit_test(the_holder_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

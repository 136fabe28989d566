// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/num.h"
#include "cli/lookout.h"

struct scene {
	struct watched items[2];
	int looks[2]; /* a pipe: one byte for each look */
	char *other;  /* what the other process says */
};

/* As the watcher's: it stops, and has something to say. */
static void look(void *context)
{
	struct scene *scene = context;

	for (size_t i = 0; i < ARRAY_SIZE(scene->items); i++) {
		scene->items[i].state.is_stopped = true;
		scene->items[i].said = scene->other;
	}
	assert_int_equal(write(scene->looks[1], "x", 1), 1);
}

static int begin(void **state)
{
	static struct scene scene;

	scene = (struct scene){ .other = "theirs" };
	scene.items[0].said = "first";
	scene.items[1].said = "second";
	*state = &scene;
	return pipe(scene.looks);
}

static int end(void **state)
{
	struct scene *scene = *state;

	return close(scene->looks[0]) | close(scene->looks[1]);
}

/* Two looks: what the first one saw is there before the second begins. */
static void plan(struct scene *scene)
{
	char looked[2];

	for (size_t i = 0; i < ARRAY_SIZE(looked); i++)
		assert_int_equal(read(scene->looks[0], &looked[i], 1), 1);
}

static void what_it_sees_is_known_afterwards(void **state)
{
	struct scene *scene = *state;
	struct lookout lookout;

	lookout_begin(&lookout, scene->items, 2, look, scene);
	assert_int_not_equal(lookout.pid, 0);
	plan(scene);
	assert_false(scene->items[0].state.is_stopped);
	lookout_end(&lookout, scene->items, &scene->items[1]);
	assert_true(scene->items[0].state.is_stopped);
	assert_string_equal(scene->items[0].said, "first");
}

static void what_was_planned_is_left_as_planned(void **state)
{
	struct scene *scene = *state;
	struct lookout lookout;

	lookout_begin(&lookout, scene->items, 2, look, scene);
	plan(scene);
	lookout_end(&lookout, scene->items, &scene->items[1]);
	assert_false(scene->items[1].state.is_stopped);
	assert_string_equal(scene->items[1].said, "second");
}

static void it_ends_with_the_plan(void **state)
{
	struct scene *scene = *state;
	struct lookout lookout;

	lookout_begin(&lookout, scene->items, 2, look, scene);
	lookout_end(&lookout, scene->items, scene->items);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(lookout.pid, 0);
}

/* Nobody who could tell it to end is left: the pipe is. */
static void it_ends_with_the_watcher(void **state)
{
	struct scene *scene = *state;
	pid_t watcher = fork();

	if (watcher == 0) {
		struct lookout lookout;

		lookout_begin(&lookout, scene->items, 2, look, scene);
		_exit(0);
	}
	assert_int_equal(waitpid(watcher, NULL, 0), watcher);
	close(scene->looks[1]);
	/* Whoever holds the other end ends: then there is no more to read. */
	char looked;
	while (read(scene->looks[0], &looked, 1) == 1)
		;
	scene->looks[1] = dup(scene->looks[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_it_sees_is_known_afterwards, begin, end),
		cmocka_unit_test_setup_teardown(
			what_was_planned_is_left_as_planned, begin, end),
		cmocka_unit_test_setup_teardown(it_ends_with_the_plan, begin,
						end),
		cmocka_unit_test_setup_teardown(it_ends_with_the_watcher, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

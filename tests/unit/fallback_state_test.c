// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

#include <errno.h>
#include <sys/stat.h>

#include "fallback/state.h"

/* The program of @fd as records know it. */
static struct ident identify(int fd)
{
	struct ident ident;
	struct err err;

	assert_int_equal(ident_get(netns_program_id(fd), &ident, &err), 0);
	return ident;
}

static size_t count_records(void)
{
	DIR *dir = opendir(STATE_DIR);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static void a_record_comes_back_as_it_was_written(void **state)
{
	struct stat status;
	char *text = NULL;
	struct err err;

	(void)state;
	netns_enter();
	size_t fds = netns_count_fds();
	int fd = netns_program("p", XDP_PASS);
	struct ident ident = identify(fd);

	mode_t mask = umask(077);
	assert_int_equal(state_write(&ident, "{\"first\": 1}\n", &err), 0);
	assert_int_equal(state_write(&ident, "{\"a\": 2}\n", &err), 0);
	umask(mask);
	assert_int_equal(state_read(&ident, &text, &err), 0);
	assert_string_equal(text, "{\"a\": 2}\n");
	free(text);
	assert_int_equal(count_records(), 1);
	assert_return_code(stat(STATE_DIR, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0755);
	close(fd);
	assert_int_equal(netns_count_fds(), fds);
}

static void a_lost_record_is_enoent(void **state)
{
	char *text = NULL;
	struct err err;

	(void)state;
	netns_enter();
	int fd = netns_program("p", XDP_PASS);
	struct ident ident = identify(fd);

	assert_int_equal(state_read(&ident, &text, &err), -ENOENT);
	assert_non_null(strstr(err.text, STATE_DIR));
	assert_null(text);
	close(fd);
}

static void equal_programs_keep_records_of_their_own(void **state)
{
	char *one = NULL, *two = NULL;
	struct err err;

	(void)state;
	netns_enter();
	int fds[2] = { netns_program("p", XDP_PASS),
		       netns_program("p", XDP_PASS) };
	struct ident first = identify(fds[0]), second = identify(fds[1]);

	assert_memory_equal(first.tag, second.tag, sizeof(first.tag));
	assert_int_equal(state_write(&first, "one", &err), 0);
	assert_int_equal(state_write(&second, "two", &err), 0);
	assert_int_equal(state_read(&first, &one, &err), 0);
	assert_int_equal(state_read(&second, &two, &err), 0);
	assert_string_equal(one, "one");
	assert_string_equal(two, "two");
	free(one);
	free(two);
	close(fds[0]);
	close(fds[1]);
}

static void records_of_programs_that_are_gone_are_removed(void **state)
{
	char *text = NULL;
	struct err err;

	(void)state;
	netns_enter();
	int kept = netns_program("kept", XDP_PASS);
	int gone = netns_program("gone", XDP_DROP);
	struct ident kept_ident = identify(kept), gone_ident = identify(gone);
	struct ident reused = kept_ident;

	reused.tag[0] ^= 1; /* as if the id had been given out again */
	assert_int_equal(state_write(&kept_ident, "kept", &err), 0);
	assert_int_equal(state_write(&gone_ident, "gone", &err), 0);
	assert_int_equal(state_write(&reused, "reused", &err), 0);
	assert_run("touch " STATE_DIR "/.%u-0011223344556677.99",
		   gone_ident.prog_id);
	assert_run("touch " STATE_DIR "/somebody-elses-file");
	close(gone);
	state_prune();
	assert_int_equal(state_read(&kept_ident, &text, &err), 0);
	free(text);
	assert_int_equal(count_records(), 2);
	close(kept);
}

static void a_link_in_place_of_the_directory_is_not_followed(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	int fd = netns_program("p", XDP_PASS);
	struct ident ident = identify(fd);

	assert_run("mkdir /run/elsewhere");
	assert_run("ln -s elsewhere " STATE_DIR);
	assert_true(state_write(&ident, "x", &err) < 0);
	assert_non_null(strstr(err.text, STATE_DIR));
	assert_run("rmdir /run/elsewhere");
	close(fd);
}

static void a_full_disk_leaves_the_former_record(void **state)
{
	char *text = NULL;
	struct err err;

	(void)state;
	netns_enter();
	int fd = netns_program("p", XDP_PASS);
	struct ident ident = identify(fd);
	char *large = calloc(1, 100000);

	assert_non_null(large);
	memset(large, 'x', 99999);
	assert_return_code(mkdir(STATE_DIR, 0755), 0);
	assert_return_code(mount("none", STATE_DIR, "tmpfs", 0, "size=32k"), 0);
	assert_int_equal(state_write(&ident, "former", &err), 0);
	assert_int_equal(state_write(&ident, large, &err), -ENOSPC);
	assert_int_equal(state_read(&ident, &text, &err), 0);
	assert_string_equal(text, "former");
	assert_int_equal(count_records(), 1);
	free(text);
	free(large);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_comes_back_as_it_was_written),
		cmocka_unit_test(a_lost_record_is_enoent),
		cmocka_unit_test(equal_programs_keep_records_of_their_own),
		cmocka_unit_test(records_of_programs_that_are_gone_are_removed),
		cmocka_unit_test(
			a_link_in_place_of_the_directory_is_not_followed),
		cmocka_unit_test(a_full_disk_leaves_the_former_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/num.h"
#include "net/klog.h"

static const char *const words[] = { "nfp", "eth7" };

/* A log of these records, from its start. */
static int log_of(const char *const *records, size_t count)
{
	int ends[2];

	/* One read() of a packet pipe is one record, as of /dev/kmsg. */
	assert_int_equal(pipe2(ends, O_DIRECT | O_NONBLOCK), 0);
	for (size_t i = 0; i < count; i++)
		assert_true(write(ends[1], records[i], strlen(records[i])) > 0);
	close(ends[1]);
	return ends[0];
}

static void the_last_line_about_the_card_is_told(void **state)
{
	static const char *const records[] = {
		"6,1,5,-;NFP net bpf: map flags are not supported\n",
		("6,2,6,-;NFP net bpf: too many maps for a device\n"
		 " SUBSYSTEM=pci\n"),
		"4,3,7,-;sd 0:0:0:0: something else\n",
	};
	char line[128];
	int fd = log_of(records, ARRAY_SIZE(records));

	(void)state;
	klog_last(fd, words, ARRAY_SIZE(words), line, sizeof(line));
	assert_string_equal(line, "NFP net bpf: too many maps for a device");
	close(fd);
}

static void what_programs_write_to_the_log_is_not_the_kernels_word(void **state)
{
	static const char *const records[] = {
		"12,1,5,-;eth7: says systemd\n",
		"no record at all",
	};
	char line[128] = "before";
	int fd = log_of(records, ARRAY_SIZE(records));

	(void)state;
	klog_last(fd, words, ARRAY_SIZE(words), line, sizeof(line));
	assert_string_equal(line, "");
	close(fd);
}

static void a_log_that_cannot_be_read_says_nothing(void **state)
{
	char line[128] = "before";

	(void)state;
	klog_last(-1, words, ARRAY_SIZE(words), line, sizeof(line));
	assert_string_equal(line, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_line_about_the_card_is_told),
		cmocka_unit_test(
			what_programs_write_to_the_log_is_not_the_kernels_word),
		cmocka_unit_test(a_log_that_cannot_be_read_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

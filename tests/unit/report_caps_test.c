// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/caps_more.h"
#include "report/text.h"

static const char facts[] =
	"driver wide\nsource a file that nobody reads any more\nnative 5.1\n"
	"title A card with a name that does not fit into a narrow terminal\n"
	"warn a sentence of several words that has to be wrapped somewhere\n"
	"need mtu <= 1500\nreason mtu-too-large\nrefuses EINVAL extack\n"
	"says the driver's own words, which are long, too\n"
	"fix ip link set dev {if} mtu {limit}\nundo ip link set dev {if} mtu "
	"{mtu}\ncosts larger frames, and the peace of mind of the operator\n";

/* The report of one interface called @name, at this width. */
static char *report(const char *name, unsigned int width, bool is_coloured)
{
	const struct report_style style = { width, is_coloured };
	struct nic nic = { .link = { .mtu = 9000, .type = 1 },
			   .driver = "wide",
			   .trial = NIC_TRIAL_NATIVE };
	OWN(nicdb) struct nicdb *db = nicdb_make();
	OWN(caps) struct caps *caps = NULL;
	OWN_BUF struct buf buf = BUF_INIT;
	struct err err;

	snprintf(nic.link.name, sizeof(nic.link.name), "%s", name);
	assert_int_equal(nicdb_add(db, facts, sizeof(facts) - 1, "f", &err), 0);
	assert_int_equal(caps_make(&nic, db, NULL, &caps, &err), 0);
	const struct report_caps told = { (const struct caps *const *)&caps,
					  NULL, 1, NULL };
	text_caps(&buf, &style, &told);
	assert_false(buf.has_failed);
	return buf_take(&buf);
}

/* The longest line, without colours. */
static size_t longest(const char *text)
{
	size_t most = 0;

	while (*text) {
		size_t length = strcspn(text, "\n");

		most = length > most ? length : most;
		text += length + (text[length] == '\n');
	}
	return most;
}

static void a_narrow_terminal_gets_short_lines(void **state)
{
	OWN_MEM char *wide = report("eth0", 200, false);
	OWN_MEM char *narrow = report("eth0", 60, false);
	OWN_MEM char *pipe = report("eth0", 0, false);

	(void)state;
	/* The first line is the interface's title, which is one. */
	assert_in_range(longest(strchr(narrow, '\n') + 1), 40, 60);
	assert_true(longest(wide) > 60);
	/* A pipe gets one line for each thing, to be searched. */
	assert_non_null(
		strstr(pipe, "  fix     ip link set dev eth0 mtu 1500\n"));
	assert_non_null(strstr(pipe, "  note    a sentence of several words "
				     "that has to be wrapped somewhere\n"));
}

static void only_a_terminal_gets_colours(void **state)
{
	OWN_MEM char *plain = report("eth0", 80, false);
	OWN_MEM char *coloured = report("eth0", 80, true);

	(void)state;
	assert_null(strchr(plain, '\033'));
	assert_non_null(strchr(coloured, '\033'));
}

static void names_cannot_reach_the_terminal(void **state)
{
	OWN_MEM char *text = report("e\033[2Jth", 80, false);

	(void)state;
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "e\\x1b[2Jth"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_narrow_terminal_gets_short_lines),
		cmocka_unit_test(only_a_terminal_gets_colours),
		cmocka_unit_test(names_cannot_reach_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/config.h"

static struct config *parse(const char *text)
{
	struct config *config = config_make();
	struct err err;

	assert_non_null(config);
	if (config_parse(config, text, strlen(text), "a.conf", &err))
		fail_msg("%s", err.text);
	return config;
}

static void assert_refused(const char *text, const char *sentence)
{
	OWN(config) struct config *config = config_make();
	struct err err = { 0 };

	assert_non_null(config);
	assert_int_equal(config_parse(config, text, strlen(text), "a.conf",
				      &err),
			 -EINVAL);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_string_equal(err.text, sentence);
}

static void a_section_has_the_settings_of_apply(void **state)
{
	OWN(config)
	struct config *config = parse("# edge\n"
				      "\n"
				      "[interface eth0]\r\n"
				      "rules = /etc/a b.v4 \n"
				      "\trules6=/etc/r.v6\n"
				      "max = native\n"
				      "static = yes\n"
				      "shadow = no\n");

	(void)state;
	assert_int_equal(config->count, 1);
	const struct config_section *section = &config->sections[0];
	assert_string_equal(section->pattern, "eth0");
	assert_string_equal(section->source, "a.conf");
	assert_int_equal(section->line, 3);
	assert_string_equal(section->options.rules, "/etc/a b.v4");
	assert_string_equal(section->options.rules6, "/etc/r.v6");
	assert_int_equal(section->options.wishes.max, TIER_NATIVE);
	assert_true(section->options.wishes.pinned != 0);
	assert_false(section->options.wishes.is_shadow);
}

static void facts_are_vouched_for_by_name(void **state)
{
	OWN(config)
	struct config *config = parse("[interface eth0]\n"
				      "rules = /etc/r.v4\n"
				      "static = nat-ipv4\n");

	(void)state;
	assert_int_equal(config->sections[0].options.wishes.pinned,
			 1u << ABOUT_NAT_IPV4);
	assert_refused("[interface eth0]\nstatic = nat\n",
		       "a.conf: line 2: static = nat: expected yes or no, or "
		       "FACT,...");
}

static void no_file_is_no_section(void **state)
{
	OWN(config) struct config *config = parse("");

	(void)state;
	assert_int_equal(config->count, 0);
	assert_null(config_find(config, "eth0"));
}

static void a_name_goes_before_a_pattern(void **state)
{
	OWN(config)
	struct config *config = parse("[interface eth*]\nfrom-kernel = yes\n"
				      "[interface eth?]\nfrom-kernel = yes\n"
				      "[interface eth1]\nfrom-kernel = yes\n");

	(void)state;
	assert_ptr_equal(config_find(config, "eth1"), &config->sections[2]);
	assert_ptr_equal(config_find(config, "eth2"), &config->sections[0]);
	assert_null(config_find(config, "wlan0"));
}

static void no_pattern_fits_lo(void **state)
{
	OWN(config)
	struct config *config = parse("[interface *]\nfrom-kernel = yes\n");

	(void)state;
	assert_non_null(config_find(config, "eth0"));
	assert_null(config_find(config, "lo"));
	assert_refused("[interface lo]\nfrom-kernel = yes\n",
		       "a.conf: line 1: lo is the host itself: expected an "
		       "interface that packets come in by");
}

static void a_typo_names_its_line_and_its_neighbour(void **state)
{
	(void)state;
	assert_refused("[interface eth0]\nrule = /r\n",
		       "a.conf: line 2: unknown setting \"rule\": did you mean "
		       "\"rules\"?");
	assert_refused(
		"[interface eth0]\nfrobnicate = /r\n",
		"a.conf: line 2: unknown setting \"frobnicate\": expected "
		"an option of apply, without its dashes");
	assert_refused("[interface eth0]\nconfig = /r\n",
		       "a.conf: line 2: \"config\" is no setting: --config is "
		       "for the command line alone");
}

static void a_value_is_checked(void **state)
{
	(void)state;
	assert_refused("[interface eth0]\nmax = fast\n",
		       "a.conf: line 2: max = fast: expected "
		       "hw|native|generic");
	assert_refused("[interface eth0]\nstatic = maybe\n",
		       "a.conf: line 2: static = maybe: expected yes or no, or "
		       "FACT,...");
	assert_refused("[interface eth0]\nrules =\n",
		       "a.conf: line 2: rules = : expected FILE");
	assert_refused("[interface eth0]\nblock = lists\n",
		       "a.conf: line 1: [interface eth0]: block = lists: "
		       "expected a path that begins with /: nobody knows where "
		       "wirewall will be started");
	assert_refused("[interface eth0]\nrules = r.v4\n",
		       "a.conf: line 1: [interface eth0]: rules = r.v4: "
		       "expected a path that begins with /: nobody knows where "
		       "wirewall will be started");
}

static void what_is_said_twice_is_refused(void **state)
{
	(void)state;
	assert_refused("[interface eth0]\nmax = hw\nmax = hw\n",
		       "a.conf: line 3: \"max\" is set twice");
	assert_refused("[interface a]\nfrom-kernel = yes\n[interface a]\n",
		       "a.conf: line 3: a second section for \"a\": the first "
		       "one is in a.conf, line 1");
}

static void a_section_needs_rules(void **state)
{
	(void)state;
	assert_refused("[interface eth0]\nfrom-kernel = no\n",
		       "a.conf: line 1: [interface eth0]: which rules? "
		       "Expected rules = FILE, block = FILE or from-kernel = "
		       "yes");
	assert_refused("[interface eth0]\nfrom-kernel = yes\nrules6 = /r\n",
		       "a.conf: line 1: [interface eth0]: rules and "
		       "from-kernel exclude each other");
	assert_refused("[interface e]\nrules = /r\nmax = native\n"
		       "require = hw\n",
		       "a.conf: line 1: [interface e]: require = hw asks for "
		       "more than max = native allows");
}

static void lines_that_are_nothing_are_refused(void **state)
{
	(void)state;
	assert_refused("max = hw\n", "a.conf: line 1: \"max = hw\" stands "
				     "before any section: begin with "
				     "[interface NAME]");
	assert_refused("[eth0]\n", "a.conf: line 1: \"[eth0]\": expected "
				   "[interface NAME], NAME = VALUE or # a "
				   "comment");
	assert_refused("[interface eth0\n",
		       "a.conf: line 1: \"[interface eth0\" does not end with "
		       "]: expected [interface NAME], NAME = VALUE or # a "
		       "comment");
	assert_refused("[interface]\n", "a.conf: line 1: which interface? "
					"Expected [interface NAME]");
	assert_refused("[interface a/b]\n",
		       "a.conf: line 1: \"a/b\" cannot be an interface's name: "
		       "it has a blank or a slash");
	assert_refused("[interface abcdefghijklmnop]\n",
		       "a.conf: line 1: \"abcdefghijklmnop\" cannot be an "
		       "interface's name: expected 1 to 15 characters");
	assert_refused("[interface e]\nstatic\n",
		       "a.conf: line 2: \"static\": expected [interface NAME], "
		       "NAME = VALUE or # a comment");
}

static void a_nul_byte_is_refused(void **state)
{
	static const char text[] = "[interface e]\0from-kernel = yes\n";
	OWN(config) struct config *config = config_make();
	struct err err;

	(void)state;
	assert_int_equal(config_parse(config, text, sizeof(text) - 1, "a.conf",
				      &err),
			 -EINVAL);
	assert_string_equal(err.text,
			    "a.conf: it has a NUL byte: this is no text");
}

static void files_add_up(void **state)
{
	OWN(config)
	struct config *config = parse("[interface a]\nfrom-kernel = yes\n");
	static const char more[] = "[interface b]\nrules = /r\n";
	static const char again[] = "\n[interface a]\n";
	struct err err;

	(void)state;
	assert_int_equal(config_parse(config, more, strlen(more), "b.conf",
				      &err),
			 0);
	assert_int_equal(config->count, 2);
	assert_string_equal(config->sections[1].source, "b.conf");
	assert_int_equal(config_parse(config, again, strlen(again), "c.conf",
				      &err),
			 -EINVAL);
	assert_string_equal(err.text, "c.conf: line 2: a second section for "
				      "\"a\": the first one is in a.conf, "
				      "line 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_section_has_the_settings_of_apply),
		cmocka_unit_test(facts_are_vouched_for_by_name),
		cmocka_unit_test(no_file_is_no_section),
		cmocka_unit_test(a_name_goes_before_a_pattern),
		cmocka_unit_test(no_pattern_fits_lo),
		cmocka_unit_test(a_typo_names_its_line_and_its_neighbour),
		cmocka_unit_test(a_value_is_checked),
		cmocka_unit_test(what_is_said_twice_is_refused),
		cmocka_unit_test(a_section_needs_rules),
		cmocka_unit_test(lines_that_are_nothing_are_refused),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(files_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

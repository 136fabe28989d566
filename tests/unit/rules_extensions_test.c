// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every match and target that the installed iptables has a library for is
 * known by name, and what is unknown of it has a sentence.
 */
#include <ctype.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rules/ruleset.h"

/* What libraries of other names do the work of. */
static bool is_none_of_its_own(const char *name)
{
	/* ACCEPT, DROP, RETURN; what all targets of nat share */
	return !strcmp(name, "standard") || !strcmp(name, "NAT");
}

static bool is_known(const char *name)
{
	return isupper((unsigned char)name[0])
		       ? extension_find(name) != EXTENSION_UNKNOWN
		       : module_find(name) != MODULE_UNKNOWN;
}

/* The libraries that @pattern finds; how many. */
static size_t check_all(const char *pattern)
{
	glob_t found = { 0 };
	size_t count = 0;

	if (glob(pattern, 0, NULL, &found) == 0)
		count = found.gl_pathc;
	for (size_t i = 0; i < count; i++) {
		const char *file = strrchr(found.gl_pathv[i], '/');
		char name[64];

		assert_int_equal(sscanf(file, "/lib%*[a-z0-9]_%63[^.].so",
					name),
				 1);
		if (!is_none_of_its_own(name) && !is_known(name))
			fail_msg("%s is not known", found.gl_pathv[i]);
	}
	globfree(&found);
	return count;
}

static void what_iptables_has_a_library_for_is_known(void **state)
{
	static const char *const places[] = {
		"/usr/lib/*/xtables/lib%s_*.so",
		"/usr/lib64/xtables/lib%s_*.so",
		"/usr/lib/xtables/lib%s_*.so",
	};
	static const char *const kinds[] = { "xt", "ipt", "ip6t" };
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places) * ARRAY_SIZE(kinds); i++) {
		char pattern[64];

		snprintf(pattern, sizeof(pattern),
			 places[i / ARRAY_SIZE(kinds)],
			 kinds[i % ARRAY_SIZE(kinds)]);
		count += check_all(pattern);
	}
	if (!count) {
		printf("SKIP - what iptables has a library for is known: "
		       "no iptables here\n");
		skip();
	}
}

static void what_is_not_exact_says_why(void **state)
{
	(void)state;
	for (enum module module = 0; module < MODULE_COUNT; module++) {
		const struct module_info *info = module_info(module);
		bool is_modelled = info->class == MODULE_CLASS_HEADER ||
				   info->class == MODULE_CLASS_OPTIONS;

		if (!is_modelled && !info->sentence)
			fail_msg("-m %s has no sentence", info->name);
	}
	for (enum extension i = 0; i < EXTENSION_UNKNOWN; i++) {
		const struct extension_info *info = extension_info(i);
		bool goes_on = info->class == EXTENSION_CLASS_CONTINUES ||
			       info->class == EXTENSION_CLASS_ACCEPTS;

		if (!goes_on && !info->sentence)
			fail_msg("-j %s has no sentence", info->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_iptables_has_a_library_for_is_known),
		cmocka_unit_test(what_is_not_exact_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

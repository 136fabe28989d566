// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bpf/trial_words.h"

static void check(const char *log, const char *said, const char *kernel,
		  enum trial_stage stage, const char *words)
{
	struct trial trial = { 0 };

	trial_words_judge(&trial, log, said, kernel);
	assert_int_equal(trial.stage, stage);
	assert_string_equal(trial.words, words);
}

static void the_drivers_words_stand_before_the_verifiers(void **state)
{
	(void)state;
	check("; source\n[nfp] unsupported helper: 54\nprocessed 4 insns\n", "",
	      "", TRIAL_VERIFIER, "unsupported helper: 54");
	check("0: (71) r0 = *(u8 *)(r2 +0)\ninvalid access to packet\n"
	      "processed 2 insns\n",
	      "", "", TRIAL_VERIFIER, "invalid access to packet");
}

static void what_the_verifier_passed_the_translator_refused(void **state)
{
	(void)state;
	check("processed 4 insns\n", "", "too long", TRIAL_JIT, "too long");
	check("[nfp] no\n", "", "too long", TRIAL_VERIFIER, "too long");
}

static void without_a_log_the_loader_has_the_word(void **state)
{
	(void)state;
	check("",
	      "libbpf: map 'm': failed to create: Operation not supported\n"
	      "libbpf: failed to load object 'prog.o'\n",
	      "", TRIAL_MAP,
	      "map 'm': failed to create: Operation not supported");
	check("", "libbpf: no such thing\n", "", TRIAL_LOAD, "no such thing");
}

static void only_the_drivers_records_count(void **state)
{
	char words[64] = "before";

	(void)state;
	trial_words_of_record("6,1,5,-;eth7: link is up\n", words,
			      sizeof(words));
	trial_words_of_record("no record", words, sizeof(words));
	assert_string_equal(words, "before");
	trial_words_of_record("6,2,6,-;NFP net bpf: too many maps\n X=1\n",
			      words, sizeof(words));
	assert_string_equal(words, "too many maps");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_drivers_words_stand_before_the_verifiers),
		cmocka_unit_test(
			what_the_verifier_passed_the_translator_refused),
		cmocka_unit_test(without_a_log_the_loader_has_the_word),
		cmocka_unit_test(only_the_drivers_records_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "bpf/object.h"

#define SOURCES "tests/hw/objects/"
#define SUFFIX	".bpf.c"

/* The line "@field: ..." of a source's first comment, or "". */
static void read_field(const char *path, const char *field, char *to,
		       size_t size)
{
	OWN_FILE FILE *file = fopen(path, "r");
	char line[256], head[32];

	assert_non_null(file);
	snprintf(head, sizeof(head), " * %s: ", field);
	*to = '\0';
	while (fgets(line, sizeof(line), file) && strcmp(line, " */\n")) {
		if (strncmp(line, head, strlen(head)) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(to, size, "%s", line + strlen(head));
	}
}

static void object_of(const char *name, struct object **out)
{
	const char *build = getenv("BUILD");
	char path[256];
	struct err err;

	snprintf(path, sizeof(path), "%s/" SOURCES "%s.bpf.o",
		 build ? build : "build", name);
	if (object_read(path, out, &err))
		fail_msg("%s", err.text);
	assert_int_equal((*out)->program_count, 1);
}

/* Names of the rules that it breaks, in the order of the table. */
static void judge(const char *name, enum safe_target target,
		  const struct card_limits *card, char *rules, size_t size)
{
	OWN(safe_verdict) struct safe_verdict *verdict = NULL;
	OWN(object) struct object *object = NULL;
	size_t length = 0;
	struct err err;

	object_of(name, &object);
	if (safe_judge(&object->programs[0].safe, target, card, 1500, &verdict,
		       &err))
		fail_msg("%s: %s", name, err.text);
	*rules = '\0';
	for (enum safe_rule rule = 0; rule < SAFE_RULES; rule++) {
		size_t i = 0;

		while (i < verdict->count &&
		       verdict->violations[i].rule != rule)
			i++;
		if (i < verdict->count)
			length += snprintf(rules + length, size - length,
					   "%s%s", length ? ", " : "",
					   safe_rule_name(rule));
	}
}

/* "b, a" and "a, b" are the same. */
static bool is_same_set(const char *expected, const char *rules)
{
	char copy[256], *rest = NULL;

	if (strlen(expected) != strlen(rules))
		return false;
	snprintf(copy, sizeof(copy), "%s", expected);
	for (char *word = strtok_r(copy, ", ", &rest); word;
	     word = strtok_r(NULL, ", ", &rest))
		if (!strstr(rules, word))
			return false;
	return true;
}

static void every_object_breaks_what_it_says(void **state)
{
	size_t refused = 0;
	glob_t found;

	(void)state;
	assert_int_equal(glob(SOURCES "*" SUFFIX, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		char name[128], expected[256], changes[128], rules[256];
		struct card_limits card;
		struct err err;

		read_field(path, "rule", expected, sizeof(expected));
		read_field(path, "card", changes, sizeof(changes));
		snprintf(name, sizeof(name), "%.*s",
			 (int)(strlen(path) - strlen(SOURCES SUFFIX)),
			 path + strlen(SOURCES));
		if (card_parse(*changes ? changes : CARD_DEFAULT, &card, &err))
			fail_msg("%s: %s", name, err.text);
		judge(name, SAFE_NFP, &card, rules, sizeof(rules));
		if (!is_same_set(expected, rules))
			fail_msg("%s: expected \"%s\", judged \"%s\"", name,
				 expected, rules);
		refused += !strncmp(name, "no_", 3);
	}
	assert_true(refused >= 60);
	globfree(&found);
}

/* Not those of other targets, nor those that no kernel of today lets by. */
static bool needs_object(enum safe_rule rule)
{
	return rule < SAFE_HOST_CODE && rule != SAFE_OPCODE;
}

static void every_rule_of_a_card_has_an_object(void **state)
{
	char all[16384] = "", rules[256];
	glob_t found;

	(void)state;
	assert_int_equal(glob(SOURCES "*" SUFFIX, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		read_field(found.gl_pathv[i], "rule", rules, sizeof(rules));
		strncat(all, " ", sizeof(all) - strlen(all) - 1);
		strncat(all, rules, sizeof(all) - strlen(all) - 1);
	}
	globfree(&found);
	for (enum safe_rule rule = 0; rule < SAFE_RULES; rule++)
		if (needs_object(rule) && !strstr(all, safe_rule_name(rule)))
			fail_msg("no object breaks %s", safe_rule_name(rule));
}

static void the_host_has_traps_of_its_own(void **state)
{
	static const struct {
		const char *name;
		enum safe_target target;
		const char *rules;
	} cases[] = {
		{ "trap_redirect", SAFE_NATIVE, "redirect-without-target" },
		{ "trap_redirect", SAFE_GENERIC, "redirect-without-target" },
		{ "trap_code", SAFE_GENERIC, "unknown-code" },
		{ "no_helper_redirect", SAFE_NATIVE, "" },
		{ "no_firmware_queue", SAFE_NATIVE, "context-write" },
		{ "no_helper_meta", SAFE_NATIVE, "metadata-driver" },
		{ "no_helper_meta", SAFE_GENERIC, "" },
		{ "no_value_store", SAFE_NATIVE, "" },
		{ "ok_functions", SAFE_NATIVE, "" },
	};
	char rules[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		judge(cases[i].name, cases[i].target, NULL, rules,
		      sizeof(rules));
		if (strcmp(rules, cases[i].rules))
			fail_msg("%s: expected \"%s\", judged \"%s\"",
				 cases[i].name, cases[i].rules, rules);
	}
}

/* What is wrong with these instructions, on the typical card. */
static int judge_insns(const struct bpf_insn *insns, size_t count,
		       struct safe_verdict **out)
{
	static const struct safe_function main_function = {
		.args = { SAFE_ARG_CONTEXT },
	};
	struct safe_program program = {
		.insns = insns,
		.insn_count = count,
		.functions = &main_function,
		.function_count = 1,
	};
	struct err err;

	return safe_judge(&program, SAFE_NFP, card_find(CARD_DEFAULT), 1500,
			  out, &err);
}

#define INSN(c, d, s, o, i)                                                    \
	(struct bpf_insn)                                                      \
	{                                                                      \
		.code = (c), .dst_reg = (d), .src_reg = (s), .off = (o),       \
		.imm = (i),                                                    \
	}
#define RETURN	  INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define SET(d, i) INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)

static void an_instruction_of_cpu_v4_is_not_on_the_card(void **state)
{
	OWN(safe_verdict) struct safe_verdict *verdict = NULL;
	const struct bpf_insn insns[] = {
		SET(0, 2),
		INSN(BPF_ALU64 | BPF_END, 0, 0, 0, 16), /* bswap16 */
		INSN(BPF_ALU64 | BPF_AND | BPF_K, 0, 0, 0, 1),
		RETURN,
	};

	(void)state;
	assert_int_equal(judge_insns(insns, ARRAY_SIZE(insns), &verdict), 0);
	assert_int_equal(verdict->violations[0].rule, SAFE_OPCODE);
	assert_int_equal(verdict->violations[0].insn, 1);
}

static void a_violation_names_its_instruction(void **state)
{
	OWN(safe_verdict) struct safe_verdict *verdict = NULL;
	const struct bpf_insn insns[] = {
		INSN(BPF_LDX | BPF_MEM | BPF_W, 2, 1, 12, 0),
		SET(0, 2),
		RETURN,
	};

	(void)state;
	assert_int_equal(judge_insns(insns, ARRAY_SIZE(insns), &verdict), 0);
	assert_int_equal(verdict->count, 1);
	assert_int_equal(verdict->violations[0].rule, SAFE_CONTEXT_READ);
	assert_int_equal(verdict->violations[0].insn, 0);
}

static void what_never_runs_breaks_no_rule(void **state)
{
	OWN(safe_verdict) struct safe_verdict *verdict = NULL;
	const struct bpf_insn insns[] = {
		SET(0, 2),
		INSN(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1, 2),
		INSN(BPF_LDX | BPF_MEM | BPF_W, 2, 1, 12, 0),
		RETURN,
	};

	(void)state;
	assert_int_equal(judge_insns(insns, ARRAY_SIZE(insns), &verdict), 0);
	assert_int_equal(verdict->count, 0);
}

static void what_is_no_program_is_refused(void **state)
{
	const struct bpf_insn out[] = {
		INSN(BPF_JMP | BPF_JA, 0, 0, 5, 0),
		RETURN,
	};
	const struct bpf_insn half[] = {
		INSN(BPF_LD | BPF_IMM | BPF_DW, 0, 0, 0, 0),
	};
	const struct bpf_insn call[] = {
		INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 0),
		RETURN,
	};
	const struct bpf_insn map[] = {
		INSN(BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_IDX, 0, 7),
		INSN(0, 0, 0, 0, 0),
		RETURN,
	};
	struct safe_verdict *verdict = NULL;

	(void)state;
	assert_int_equal(judge_insns(out, 2, &verdict), -EINVAL);
	assert_int_equal(judge_insns(half, 1, &verdict), -EINVAL);
	assert_int_equal(judge_insns(call, 2, &verdict), -EINVAL);
	assert_int_equal(judge_insns(map, 3, &verdict), -EINVAL);
	assert_int_equal(judge_insns(map, 0, &verdict), -EINVAL);
	assert_null(verdict);
}

static void a_loop_without_end_is_judged(void **state)
{
	OWN(safe_verdict) struct safe_verdict *verdict = NULL;
	const struct bpf_insn insns[] = {
		SET(2, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, 1),
		INSN(BPF_JMP | BPF_JNE | BPF_K, 2, 0, -2, 0),
		SET(0, 2),
		RETURN,
	};

	(void)state;
	assert_int_equal(judge_insns(insns, ARRAY_SIZE(insns), &verdict), 0);
}

/* Two ways each, and nothing that is the same in any two. */
static void very_many_ways_are_judged(void **state)
{
	OWN(safe_verdict) struct safe_verdict *verdict = NULL;
	struct bpf_insn insns[4 * 60 + 4];
	size_t count = 0;

	(void)state;
	insns[count++] = SET(0, 0);
	insns[count++] = INSN(BPF_LDX | BPF_MEM | BPF_W, 1, 1, 0, 0);
	for (int i = 0; i < 60; i++) {
		insns[count++] = INSN(BPF_JMP | BPF_CALL, 0, 0, 0,
				      BPF_FUNC_get_prandom_u32);
		insns[count++] = INSN(BPF_JMP | BPF_JSET | BPF_K, 0, 0, 1, 1);
		insns[count++] = INSN(BPF_ALU64 | BPF_ADD | BPF_K, 6, 0, 0,
				      1 << (i % 30));
		insns[count++] = INSN(BPF_STX | BPF_MEM | BPF_DW, 10, 6,
				      -8 * (1 + i % 60), 0);
	}
	insns[count++] = SET(0, 2);
	insns[count++] = RETURN;
	assert_int_equal(judge_insns(insns, count, &verdict), 0);
	for (size_t i = 0; i < verdict->count; i++)
		assert_int_not_equal(verdict->violations[i].rule,
				     SAFE_TOO_COMPLEX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_violation_names_its_instruction),
		cmocka_unit_test(what_never_runs_breaks_no_rule),
		cmocka_unit_test(an_instruction_of_cpu_v4_is_not_on_the_card),
		cmocka_unit_test(what_is_no_program_is_refused),
		cmocka_unit_test(a_loop_without_end_is_judged),
		cmocka_unit_test(very_many_ways_are_judged),
		cmocka_unit_test(every_object_breaks_what_it_says),
		cmocka_unit_test(every_rule_of_a_card_has_an_object),
		cmocka_unit_test(the_host_has_traps_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

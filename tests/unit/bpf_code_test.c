// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "bpf/code.h"

static void a_jump_reaches_its_label(void **state)
{
	OWN_CODE struct code code = CODE_INIT;
	uint32_t label = code_label(&code), other = code_label(&code);

	(void)state;
	code_branch(&code, CODE_32, BPF_JNE, BPF_REG_2, 5, label);
	code_goto(&code, other);
	code_move(&code, BPF_REG_0, 1);
	code_place(&code, label);
	code_exit(&code);
	code_place(&code, other);
	code_finish(&code);
	assert_false(code_has_failed(&code));
	assert_int_equal(code.count, 4);
	assert_int_equal(code.insns[0].off, 2);
	assert_int_equal(code.insns[1].off, 2);
	assert_int_equal(code.insns[0].code, BPF_JMP32 | BPF_JNE | BPF_K);
	assert_int_equal(code.conditional_count, 1);
}

static void a_number_of_64_bits_takes_two_instructions(void **state)
{
	OWN_CODE struct code code = CODE_INIT;

	(void)state;
	code_set(&code, BPF_REG_3, 0x1122334485667788);
	assert_int_equal(code.count, 2);
	assert_int_equal(code.insns[0].code, BPF_LD | BPF_IMM | BPF_DW);
	assert_int_equal((uint32_t)code.insns[0].imm, 0x85667788);
	assert_int_equal(code.insns[1].code, 0);
	assert_int_equal(code.insns[1].imm, 0x11223344);
}

static void what_is_taken_back_leaves_no_trace(void **state)
{
	OWN_CODE struct code code = CODE_INIT;
	uint32_t label = code_label(&code);

	(void)state;
	code_goto(&code, label);

	struct code_mark mark = code_mark(&code);
	uint32_t far = code_label(&code);
	/* Further than a jump reaches: fine, as long as it does not stay. */
	code_branch(&code, CODE_64, BPF_JEQ, BPF_REG_2, 0, far);
	for (int i = 0; i < 2 * CODE_JUMP_MAX; i++)
		code_move(&code, BPF_REG_0, i);
	code_place(&code, far);
	code_rewind(&code, &mark);

	code_place(&code, label);
	code_exit(&code);
	code_finish(&code);
	assert_int_equal(code.count, 2);
	assert_int_equal(code.conditional_count, 0);
	assert_int_equal(code.insns[0].off, 0);
}

static void the_longest_jump_reaches(void **state)
{
	OWN_CODE struct code code = CODE_INIT;
	uint32_t label = code_label(&code);

	(void)state;
	code_goto(&code, label);
	for (int i = 0; i < CODE_JUMP_MAX; i++)
		code_move(&code, BPF_REG_0, i);
	code_place(&code, label);
	code_finish(&code);
	assert_int_equal(code.insns[0].off, CODE_JUMP_MAX);
}

static void appended_code_keeps_its_jumps_and_finds_its_maps(void **state)
{
	OWN_CODE struct code code = CODE_INIT;
	OWN_CODE struct code other = CODE_INIT;
	uint32_t label, end = code_label(&code);

	(void)state;
	code_goto(&code, end);
	code_move(&code, BPF_REG_0, 1);
	label = code_label(&other);
	code_map(&other, BPF_REG_1, BPF_PSEUDO_MAP_IDX, 2);
	code_branch(&other, CODE_64, BPF_JEQ, BPF_REG_1, 0, label);
	code_move(&other, BPF_REG_0, 2);
	code_place(&other, label);
	code_exit(&other);
	code_append(&code, &other, 5);
	code_place(&code, end);
	code_exit(&code);
	code_finish(&code);
	assert_false(code_has_failed(&code));
	assert_int_equal(code.count, 8);
	assert_int_equal(code.insns[0].off, 6);
	assert_int_equal(code.insns[2].imm, 7);
	assert_int_equal(code.insns[4].off, 1);
	assert_int_equal(code.conditional_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_jump_reaches_its_label),
		cmocka_unit_test(a_number_of_64_bits_takes_two_instructions),
		cmocka_unit_test(what_is_taken_back_leaves_no_trace),
		cmocka_unit_test(the_longest_jump_reaches),
		cmocka_unit_test(
			appended_code_keeps_its_jumps_and_finds_its_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

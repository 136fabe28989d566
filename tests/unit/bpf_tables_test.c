// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/bpf_hand.h"
#include "tests/lib/machine.h"

static const struct target target_helper = {
	.name = "helper",
	.max_jumps = 8000,
	.max_insns = 8000,
	.has_direct_values = false,
};

static const uint16_t ports[] = { 0, 1, 0, 1 };
static const uint64_t words[] = { 0x100000002, 0x300000004 };

/*
 * A program whose outcome is ports[destination port], and for packets behind
 * the end of that table the low half of words[source port].
 */
struct made {
	struct emitter emitter;
	struct wire_outcome outcomes[2];
	struct program_rule rules[1];
	struct program program;
};

static void make(const struct target *target, struct made *made)
{
	struct code *code = &made->emitter.code;
	struct tables *tables = &made->emitter.tables;
	uint32_t far = code_label(code), none = code_label(code);
	uint32_t of_port = tables_add(tables, "ports", sizeof(ports[0]),
				      ARRAY_SIZE(ports), ports);
	uint32_t of_word = tables_add(tables, "words", sizeof(words[0]),
				      ARRAY_SIZE(words), words);

	code_move_reg(code, BPF_REG_6, BPF_REG_1);
	code_load(code, BPF_H, BPF_REG_2, BPF_REG_6,
		  offsetof(struct wire_header, dport));
	tables_find(code, tables, target, of_port, BPF_REG_2, far);
	code_load(code, BPF_H, BPF_REG_0, BPF_REG_0, 0);
	code_exit(code);
	code_place(code, far);
	code_load(code, BPF_H, BPF_REG_2, BPF_REG_6,
		  offsetof(struct wire_header, sport));
	tables_find(code, tables, target, of_word, BPF_REG_2, none);
	code_load(code, BPF_W, BPF_REG_0, BPF_REG_0, 0);
	code_exit(code);
	code_place(code, none);
	code_move(code, BPF_REG_0, 0);
	code_exit(code);
	code_finish(code);
	assert_false(code_has_failed(code) || tables->has_failed);
	made->outcomes[1].drop = WORLDS_ALL;
	made->program = (struct program){
		.target = target,
		.insns = code->insns,
		.insn_count = code->count,
		.tables = *tables,
		.outcomes = made->outcomes,
		.outcome_count = 2,
		.rules = made->rules,
		.rule_count = 1,
		.settings = hand_settings,
		.can_drop = true,
	};
}

static void made_free(struct made *made)
{
	code_free(&made->emitter.code);
	tables_free(&made->emitter.tables);
}

static void tables_lie_side_by_side(void **state)
{
	struct made made = { 0 };

	(void)state;
	make(&target_software, &made);
	assert_int_equal(made.program.tables.list[0].offset, 0);
	assert_int_equal(made.program.tables.list[1].offset, TABLE_ALIGN);
	assert_int_equal(tables_size(&made.program.tables), 2 * TABLE_ALIGN);
	made_free(&made);
}

static void check_values(const struct target *target)
{
	struct made made = { 0 };

	make(target, &made);
	for (uint16_t port = 0; port < 6; port++) {
		struct wire_header header = { .dport = port, .sport = 1 };

		assert_int_equal(machine_run(&made.program, &header),
				 port < 4 ? ports[port] : 4);
	}
	struct wire_header none = { .dport = 4, .sport = 2 };
	assert_int_equal(machine_run(&made.program, &none), 0);
	made_free(&made);
}

static void an_element_is_found_and_none_behind_the_end(void **state)
{
	(void)state;
	check_values(&target_software);
}

static void a_card_finds_the_same_by_a_helper(void **state)
{
	(void)state;
	check_values(&target_helper);
}

static struct frame_spec packet(uint16_t sport, uint16_t dport)
{
	return (struct frame_spec){
		.family = FAMILY_IPV4,
		.saddr = 0x0a010002,
		.daddr = 0x0a010001,
		.proto = IPPROTO_UDP,
		.ttl = 64,
		.sport = sport,
		.dport = dport,
	};
}

static void check_loaded(const struct target *target)
{
	struct made made = { 0 };

	make(target, &made);
	OWN(loaded) struct loaded *loaded = hand_load(&made.program);
	for (uint16_t port = 0; port < 4; port++) {
		struct frame_spec spec = packet(2, port);

		assert_int_equal(hand_drops(loaded, &spec), ports[port]);
	}
	struct frame_spec behind = packet(2, 4);
	assert_false(hand_drops(loaded, &behind));
	made_free(&made);
}

static void the_kernel_finds_the_same(void **state)
{
	(void)state;
	skip_without_root();
	check_loaded(&target_software);
	check_loaded(&target_helper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_lie_side_by_side),
		cmocka_unit_test(an_element_is_found_and_none_behind_the_end),
		cmocka_unit_test(a_card_finds_the_same_by_a_helper),
		cmocka_unit_test(the_kernel_finds_the_same),
	};

	return cmocka_run_group_tests_name("bpf_tables", tests, NULL, NULL);
}

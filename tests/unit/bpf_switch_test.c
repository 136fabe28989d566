// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/bpf_hand.h"

#include "bpf/switch.h"

static struct loaded *load_with(const struct wire_settings *settings)
{
	struct hand hand = hand_make(FAMILY_IPV4);

	hand_add(&hand, WORLDS_ALL);
	hand_where(&hand, FIELD_PROTO, IPPROTO_TCP, IPPROTO_TCP);
	OWN(program)
	struct program *program = hand_program(&hand, WIRE_IPV4, settings);
	struct loaded *loaded = hand_load(program);
	hand_free(&hand);
	return loaded;
}

static struct loaded *load_that_drops(void)
{
	return load_with(&hand_settings);
}

static const struct frame_spec tcp = {
	.family = FAMILY_IPV4,
	.saddr = 0x0a010002,
	.daddr = 0x0a010001,
	.proto = IPPROTO_TCP,
	.ttl = 64,
	.dport = 23,
};

static uint64_t count_drops(const struct loaded *loaded)
{
	struct err err;
	uint64_t drops = 0;

	assert_return_code(load_read_drops(loaded->prog_id, &drops, 1, &err),
			   0);
	return drops;
}

static void stop(const struct loaded *loaded, bool is_stopped)
{
	struct err err;

	assert_int_equal(switch_set(loaded->prog_id, is_stopped, &err), 0);
}

static void a_new_program_is_not_stopped(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load_that_drops();
	struct wire_switch found;
	struct err err;

	assert_int_equal(switch_get(loaded->prog_id, &found, &err), 0);
	assert_int_equal(found.is_stopped, 0);
	assert_true(hand_drops(loaded, &tcp));
}

static void a_stopped_program_passes_and_counts_nothing(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load_that_drops();

	assert_true(hand_drops(loaded, &tcp));
	stop(loaded, true);
	assert_false(hand_drops(loaded, &tcp));
	assert_int_equal(count_drops(loaded), 1);
}

static void a_started_program_drops_again(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load_that_drops();
	struct wire_switch found;
	struct err err;

	stop(loaded, true);
	assert_int_equal(switch_get(loaded->prog_id, &found, &err), 0);
	assert_int_equal(found.is_stopped, 1);
	assert_true(found.when > 0);
	stop(loaded, false);
	assert_true(hand_drops(loaded, &tcp));
}

static void one_that_needs_the_watcher_drops_while_it_looks(void **state)
{
	static const struct wire_settings needy = {
		.skip_device_check = 1,
		.needs_watcher = 1,
	};
	struct err err;

	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load_with(&needy);

	assert_false(hand_drops(loaded, &tcp));
	assert_int_equal(switch_lease(loaded->prog_id, 1, 60000, &err), 0);
	assert_true(hand_drops(loaded, &tcp));
	stop(loaded, true);
	assert_int_equal(switch_lease(loaded->prog_id, 1, 60000, &err), 0);
	assert_false(hand_drops(loaded, &tcp));
	stop(loaded, false);
	assert_int_equal(switch_lease(loaded->prog_id, 1, 0, &err), 0);
	assert_false(hand_drops(loaded, &tcp));
}

static void others_do_not_ask_for_it(void **state)
{
	struct err err;

	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load_that_drops();

	assert_int_equal(switch_lease(loaded->prog_id, 1, 0, &err), 0);
	assert_true(hand_drops(loaded, &tcp));
}

static void a_stop_leaves_what_the_watcher_noted(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load_that_drops();
	struct wire_switch before, after;
	struct err err;

	assert_int_equal(switch_lease(loaded->prog_id, 77, 60000, &err), 0);
	assert_int_equal(switch_get(loaded->prog_id, &before, &err), 0);
	assert_int_equal(before.planned, 77);
	stop(loaded, true);
	stop(loaded, false);
	assert_int_equal(switch_get(loaded->prog_id, &after, &err), 0);
	assert_int_equal(after.planned, 77);
	assert_true(after.until == before.until);
}

static void what_has_no_switch_is_said(void **state)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);
	struct err err;

	(void)state;
	skip_without_root();
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "other", "GPL", insns, 2,
			       NULL);
	assert_true(fd >= 0);
	assert_return_code(bpf_obj_get_info_by_fd(fd, &info, &size), 0);
	assert_int_equal(switch_set(info.id, true, &err), -ENOENT);
	assert_non_null(strstr(err.text, "has no switch"));
	close(fd);
	assert_int_equal(switch_set(info.id, true, &err), -ENOENT);
	assert_non_null(strstr(err.text, "there is no BPF program"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_program_is_not_stopped),
		cmocka_unit_test(a_stopped_program_passes_and_counts_nothing),
		cmocka_unit_test(a_started_program_drops_again),
		cmocka_unit_test(
			one_that_needs_the_watcher_drops_while_it_looks),
		cmocka_unit_test(others_do_not_ask_for_it),
		cmocka_unit_test(a_stop_leaves_what_the_watcher_noted),
		cmocka_unit_test(what_has_no_switch_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

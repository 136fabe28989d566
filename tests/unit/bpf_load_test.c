// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/bpf_hand.h"

#include "bpf/settings.h"

#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* All that a program may ask before it drops, of as many hooks as it knows. */
#define FULL                                                                   \
	{                                                                      \
		.count = WIRE_HOOKS_MAX                                        \
	}
#define FULL_LISTS                                                             \
	{                                                                      \
		FULL, FULL, FULL, FULL                                         \
	}
static const struct wire_settings checked = {
	.skip_device_check = 0,
	.checks = 0x3f,
	.stamp = { .nat = { WIRE_HOOKS_MAX, 1 },
		   .conntrack = 1,
		   .hooks = { FULL_LISTS, FULL_LISTS } },
};

static struct frame_spec packet(enum family family, uint16_t dport)
{
	return (struct frame_spec){
		.family = family,
		.saddr = 0x0a010002,
		.daddr = 0x0a010001,
		.proto = IPPROTO_TCP,
		.ttl = 64,
		.dport = dport,
	};
}

/* As rules of a real list: source network, destination, protocol, ports. */
static struct hand rules_of_five_fields(enum family family, int count)
{
	struct hand hand = hand_make(family);

	for (int i = 0; i < count; i++) {
		u128 net = family == FAMILY_IPV4
				   ? (u128)(0x0b000000 + i * 256)
				   : (u128)(0x20010db800000000 + i) << 64;

		hand_add(&hand, WORLDS(STAGE_INPUT, CT_ALL));
		hand_where(&hand, FIELD_PROTO, 6, 6);
		hand_where(&hand, FIELD_SADDR, net, net + 255);
		hand_where(&hand, FIELD_DADDR, net + 5, net + 5);
		hand_where(&hand, FIELD_SPORT, 1024, 65535);
		hand_where(&hand, FIELD_DPORT, i, i + 3);
	}
	return hand;
}

static void check_rules_load(enum family family, int count)
{
	struct hand hand = rules_of_five_fields(family, count);
	enum wire_class class = family == FAMILY_IPV4 ? WIRE_IPV4 : WIRE_IPV6;
	OWN(program)
	struct program *program = hand_program(&hand, class, &checked);
	OWN(loaded) struct loaded *loaded = hand_load(program);

	assert_int_equal(program->kept[class], count);
	assert_true(loaded->prog_id > 0);
	hand_free(&hand);
}

static void thousand_rules_load(void **state)
{
	(void)state;
	skip_without_root();
	check_rules_load(FAMILY_IPV4, 1000);
	check_rules_load(FAMILY_IPV6, 1000);
}

static void two_thousand_ipv4_rules_load(void **state)
{
	(void)state;
	skip_without_root();
	check_rules_load(FAMILY_IPV4, 2000);
}

/* Whatever the limits of the target keep, the verifier must take. */
static void the_most_that_the_target_keeps_loads(void **state)
{
	(void)state;
	skip_without_root();
	for (int family = FAMILY_IPV4; family <= FAMILY_IPV6; family += 2) {
		struct hand hand = rules_of_five_fields(family, HAND_REGIONS);
		enum wire_class class =
			family == FAMILY_IPV4 ? WIRE_IPV4 : WIRE_IPV6;
		OWN(program)
		struct program *program =
			hand_program_by(&hand, class, &checked,
					&classifier_linear);
		OWN(loaded) struct loaded *loaded = hand_load(program);

		assert_in_range(program->kept[class], 1000, HAND_REGIONS - 1);
		assert_non_null(loaded);
		hand_free(&hand);
	}
}

/* Scattered ports: the most branches in the least code. */
static void as_many_branches_as_the_target_keeps_load(void **state)
{
	struct interval parts[100];

	(void)state;
	skip_without_root();

	struct hand hand = hand_make(FAMILY_IPV4);
	for (int i = 0; i < 100; i++)
		parts[i] = (struct interval){ 2 * i, 2 * i };
	for (int i = 0; i < 200; i++) {
		hand_add(&hand, WORLDS_ALL);
		hand_where(&hand, FIELD_TTL, i, i);
		hand_where_any(&hand, FIELD_DPORT, parts, 100);
	}

	OWN(program)
	struct program *program =
		hand_program_by(&hand, WIRE_IPV4, &checked, &classifier_linear);
	OWN(loaded) struct loaded *loaded = hand_load(program);
	assert_int_equal(program->kept[WIRE_IPV4], 80);
	assert_non_null(loaded);
	hand_free(&hand);
}

static void all_three_lists_load_together(void **state)
{
	(void)state;
	skip_without_root();

	struct hand ipv4 = rules_of_five_fields(FAMILY_IPV4, 1000);
	struct hand fragment = hand_make(FAMILY_IPV4);
	struct hand ipv6 = rules_of_five_fields(FAMILY_IPV6, 1000);
	for (int i = 0; i < 1000; i++) {
		hand_add(&fragment, WORLDS(STAGE_INPUT, CT_ALL));
		hand_where(&fragment, FIELD_PROTO, 6, 6);
		hand_where(&fragment, FIELD_SADDR, i, i);
	}

	const struct flat *flats[] = { &ipv4.flat, &fragment.flat, &ipv6.flat };
	struct program *made = NULL;
	struct err err;
	assert_return_code(program_make(flats, &checked, &target_software,
					&made, &err),
			   0);
	OWN(program) struct program *program = made;
	OWN(loaded) struct loaded *loaded = hand_load(program);
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++)
		assert_int_equal(program->kept[class], 1000);
	assert_non_null(loaded);
	hand_free(&ipv4);
	hand_free(&fragment);
	hand_free(&ipv6);
}

static void drops_are_counted_for_their_rule(void **state)
{
	uint64_t drops[3] = { 7, 7, 7 };
	struct err err;

	(void)state;
	skip_without_root();

	struct hand hand = hand_make(FAMILY_IPV4);
	for (int i = 0; i < 3; i++) {
		hand_add(&hand, WORLDS_ALL);
		hand_where(&hand, FIELD_DPORT, i, i);
	}

	OWN(loaded) struct loaded *loaded = hand_load_list(&hand, WIRE_IPV4);
	for (int i = 0; i < 10; i++) {
		struct frame_spec spec = packet(FAMILY_IPV4, i < 7 ? 1 : i);

		assert_int_equal(hand_drops(loaded, &spec), i < 7);
	}
	assert_return_code(load_read_drops(loaded->prog_id, drops, 3, &err), 0);
	assert_int_equal(drops[0], 0);
	assert_int_equal(drops[1], 7);
	assert_int_equal(drops[2], 0);
	assert_int_equal(load_read_drops(loaded->prog_id, drops, 4, &err),
			 -ERANGE);
	hand_free(&hand);
}

static void our_programs_are_known_by_what_they_carry(void **state)
{
	struct wire_meta meta = { 0 };
	struct err err;

	(void)state;
	skip_without_root();

	struct hand hand = hand_make(FAMILY_IPV4);
	hand_add(&hand, WORLDS_ALL);

	OWN(loaded) struct loaded *loaded = hand_load_list(&hand, WIRE_IPV4);
	assert_int_equal(load_is_ours(loaded->prog_id, &meta, &err), 1);
	assert_int_equal(meta.rule_count, 1);
	assert_int_equal(meta.tier, 2);
	assert_memory_equal(meta.digest, ((uint8_t[]){ 1, 2, 3, 0 }), 4);

	OWN_FD int fd = load_prog_fd(loaded->prog_id, &err);
	assert_true(fd >= 0);
	hand_free(&hand);
}

static void a_program_that_only_has_our_name_is_not_ours(void **state)
{
	const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	struct wire_meta meta;
	struct err err;

	(void)state;
	skip_without_root();

	OWN_FD int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, WIRE_PROGRAM_NAME,
				      "GPL", pass, 2, NULL);
	assert_true(fd >= 0);
	assert_return_code(bpf_obj_get_info_by_fd(fd, &info, &size), 0);
	assert_int_equal(load_is_ours(info.id, &meta, &err), 0);
}

static void a_program_that_is_gone_is_a_sentence(void **state)
{
	struct wire_meta meta;
	struct err err;

	(void)state;
	skip_without_root();
	assert_int_equal(load_is_ours(UINT32_MAX, &meta, &err), -ENOENT);
	assert_non_null(strstr(err.text, "no BPF program 4294967295"));
	assert_int_equal(load_prog_fd(UINT32_MAX, &err), -ENOENT);
}

/* In a child; 0 when the error text has @expected. */
static int load_says(const struct program *program, const char *expected)
{
	const struct load_options options = { .digest = (uint8_t[32]){ 0 } };
	struct loaded *loaded = NULL;
	struct err err = { .text = "it was loaded" };

	if (load_program(program, &options, &loaded, &err) < 0 && !loaded &&
	    strstr(err.text, expected))
		return 0;
	print_message("%s\n", err.text);
	return 1;
}

static void assert_child_succeeds(pid_t child)
{
	int status;

	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capset, &header, data);
}

static void a_refused_program_shows_the_last_words_of_the_verifier(void **state)
{
	(void)state;
	skip_without_root();

	struct hand hand = hand_make(FAMILY_IPV4);
	hand_add(&hand, WORLDS_ALL);

	OWN(program)
	struct program *program =
		hand_program(&hand, WIRE_IPV4, &hand_settings);
	program->insns[0].src_reg = BPF_REG_9;
	assert_int_equal(load_says(program, "R9 !read_ok"), 0);
	assert_int_equal(load_says(program, "Permission denied"), 0);
	hand_free(&hand);
}

static void a_missing_capability_is_named(void **state)
{
	(void)state;
	skip_without_root();

	struct hand hand = hand_make(FAMILY_IPV4);
	hand_add(&hand, WORLDS_ALL);

	OWN(program)
	struct program *program =
		hand_program(&hand, WIRE_IPV4, &hand_settings);
	pid_t child = fork();
	if (child == 0)
		_exit(drop_capabilities() ||
		      load_says(program, "CAP_BPF, CAP_NET_ADMIN"));
	assert_child_succeeds(child);
	hand_free(&hand);
}

static void a_kernel_without_types_is_named(void **state)
{
	(void)state;
	skip_without_root();

	struct hand hand = hand_make(FAMILY_IPV4);
	hand_add(&hand, WORLDS_ALL);

	OWN(program)
	struct program *program =
		hand_program(&hand, WIRE_IPV4, &hand_settings);
	pid_t child = fork();
	if (child == 0)
		_exit(unshare(CLONE_NEWNS) ||
		      mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		      mount("none", "/sys/kernel", "tmpfs", 0, NULL) ||
		      load_says(program, "CONFIG_DEBUG_INFO_BTF"));
	assert_child_succeeds(child);
	hand_free(&hand);
}

static void features_are_those_of_this_kernel(void **state)
{
	struct kernel_features kernel;

	(void)state;
	skip_without_root();
	kernel_features_probe(&kernel);
	assert_int_equal(kernel.has_btf, access(VMLINUX_BTF, R_OK) == 0);
	if (!kernel.has_btf)
		assert_false(kernel.has_device);
}

static void what_a_program_was_told_can_be_read(void **state)
{
	struct hand hand = rules_of_five_fields(FAMILY_IPV4, 1);
	struct wire_settings settings = { .skip_device_check = 1,
					  .checks = WIRE_CHECK_LOG_INVALID };
	struct wire_settings read;
	struct err err;

	(void)state;
	skip_without_root();
	settings.stamp.netns = 4711;
	OWN(program)
	struct program *program = hand_program(&hand, WIRE_IPV4, &settings);
	OWN(loaded) struct loaded *loaded = hand_load(program);
	assert_int_equal(settings_read(loaded->prog_id, &read, &err), 0);
	assert_memory_equal(&read, &settings, sizeof(read));
	hand_free(&hand);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(features_are_those_of_this_kernel),
		cmocka_unit_test(thousand_rules_load),
		cmocka_unit_test(two_thousand_ipv4_rules_load),
		cmocka_unit_test(the_most_that_the_target_keeps_loads),
		cmocka_unit_test(as_many_branches_as_the_target_keeps_load),
		cmocka_unit_test(all_three_lists_load_together),
		cmocka_unit_test(drops_are_counted_for_their_rule),
		cmocka_unit_test(what_a_program_was_told_can_be_read),
		cmocka_unit_test(our_programs_are_known_by_what_they_carry),
		cmocka_unit_test(a_program_that_only_has_our_name_is_not_ours),
		cmocka_unit_test(a_program_that_is_gone_is_a_sentence),
		cmocka_unit_test(
			a_refused_program_shows_the_last_words_of_the_verifier),
		cmocka_unit_test(a_missing_capability_is_named),
		cmocka_unit_test(a_kernel_without_types_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

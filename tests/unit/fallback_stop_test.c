// SPDX-License-Identifier: GPL-2.0-only
/* Programs without a switch, as nobody loads them any more: the last resort. */
#include "tests/unit/netns.h"

#include "base/num.h"
#include "base/own.h"
#include "bpf/load.h"
#include "bpf/wire.h"
#include "fallback/stop.h"
#include "net/link.h"
#include "net/xdp.h"

#define DROP 1

/* The fd of a program that drops everything and carries our mark. */
static int our_program(void)
{
	const struct wire_meta meta = {
		.magic = WIRE_META_MAGIC,
		.version = WIRE_META_VERSION,
	};
	const uint32_t first = 0;
	OWN_FD int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, WIRE_META_NAME,
					sizeof(first), sizeof(meta), 1, NULL);
	const struct bpf_insn insns[] = {
		{ .code = BPF_LD | BPF_IMM | BPF_DW,
		  .dst_reg = BPF_REG_1,
		  .src_reg = BPF_PSEUDO_MAP_FD,
		  .imm = map },
		{ 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = DROP },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	assert_true(map >= 0);
	assert_return_code(bpf_map_update_elem(map, &first, &meta, BPF_ANY), 0);
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, WIRE_PROGRAM_NAME, "GPL",
			       insns, ARRAY_SIZE(insns), NULL);
	assert_true(fd >= 0);
	return fd;
}

/* The id of what is attached to @name (generic), 0: nothing. */
static uint32_t attached_to(const char *name)
{
	struct link link;
	struct err err;

	assert_return_code(link_get(name, &link, &err), 0);
	return link.generic_id;
}

/* Attach @fd to veth0 and give it another name; the program's id. */
static uint32_t attach_and_rename(int fd)
{
	struct link link;
	struct err err;

	assert_run("ip link add veth0 type veth peer name veth1");
	assert_return_code(link_get("veth0", &link, &err), 0);
	assert_return_code(xdp_attach(link.ifindex, XDP_MODE_GENERIC, fd, -1,
				      &err),
			   0);
	assert_run("ip link set veth0 name wan0");
	return netns_program_id(fd);
}

static void it_is_taken_off_whatever_its_interface_is_called(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	OWN_FD int fd = our_program();
	uint32_t prog_id = attach_and_rename(fd);
	assert_int_equal(attached_to("wan0"), prog_id);
	assert_true(stop_program(prog_id, false, &err) < 0);
	assert_int_equal(attached_to("wan0"), prog_id);
	assert_int_equal(stop_program(prog_id, true, &err), 0);
	assert_int_equal(attached_to("wan0"), 0);
}

static void somebody_elses_is_left_alone(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	OWN_FD int fd = netns_program("theirs", DROP);
	uint32_t prog_id = attach_and_rename(fd);
	assert_int_equal(stop_program(prog_id, true, &err), 0);
	assert_int_equal(attached_to("wan0"), prog_id);
}

static void one_that_has_gone_needs_nothing(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	int fd = our_program();
	uint32_t prog_id = netns_program_id(fd);
	assert_int_equal(stop_program(prog_id, true, &err), 0);
	close(fd);
	assert_int_equal(stop_program(prog_id, true, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			it_is_taken_off_whatever_its_interface_is_called),
		cmocka_unit_test(somebody_elses_is_left_alone),
		cmocka_unit_test(one_that_has_gone_needs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

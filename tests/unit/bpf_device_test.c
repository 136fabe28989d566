// SPDX-License-Identifier: GPL-2.0-only
/*
 * bpf/device.bpf.h: who else may take packets off the receiving device. The
 * program would drop everything.
 */
#include "tests/unit/bpf_hand.h"

#include <net/if.h>

#include "tests/unit/netns.h"

static struct loaded *dropper;

static int setup(void **state)
{
	const struct wire_settings settings = { .skip_device_check = 0 };
	struct hand hand = hand_make(FAMILY_IPV4);

	(void)state;
	hand_add(&hand, WORLDS_ALL);

	OWN(program)
	struct program *program = hand_program(&hand, WIRE_IPV4, &settings);
	hand_free(&hand);
	if (geteuid() == 0)
		dropper = hand_load(program);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	loaded_free(dropper);
	return 0;
}

#define enter()                                                                \
	do {                                                                   \
		struct kernel_features kernel_;                                \
                                                                               \
		netns_enter();                                                 \
		kernel_features_probe(&kernel_);                               \
		if (!kernel_.has_device)                                       \
			skip_because("this kernel does not show devices to "   \
				     "programs");                              \
		assert_run("ip link add v0 address 02:00:00:00:00:01 "         \
			   "type veth peer name v1");                          \
		assert_run("ip link set v0 up");                               \
	} while (0)

static bool drops_to(const uint8_t mac[6])
{
	const struct frame_spec spec = {
		.family = FAMILY_IPV4,
		.saddr = 0x0a010002,
		.daddr = 0x0a010001,
		.proto = IPPROTO_TCP,
		.ttl = 64,
	};
	uint8_t frame[FRAME_MAX];
	size_t length = frame_write(&spec, frame);

	memcpy(frame, mac, 6);
	return hand_drops_from(dropper, if_nametoindex("v0"), frame, length);
}

static bool drops(void)
{
	return drops_to((const uint8_t[]){ 2, 0, 0, 0, 0, 1 });
}

static void a_plain_device_drops(void **state)
{
	(void)state;
	enter();
	assert_true(drops());
}

static void frames_for_other_macs_pass(void **state)
{
	(void)state;
	enter();
	for (int byte = 0; byte < 6; byte++) {
		uint8_t mac[] = { 2, 0, 0, 0, 0, 1 };

		mac[byte] ^= 4;
		assert_false(drops_to(mac));
	}
	assert_true(drops_to(
		(const uint8_t[]){ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }));
	assert_true(drops_to((const uint8_t[]){ 1, 0, 0x5e, 0, 0, 1 }));
}

static void a_changed_mac_is_followed(void **state)
{
	(void)state;
	enter();
	assert_run("ip link set v0 down");
	assert_run("ip link set v0 address 02:00:00:00:00:02");
	assert_false(drops());
	assert_true(drops_to((const uint8_t[]){ 2, 0, 0, 0, 0, 2 }));
}

/* Passes while it is there, drops again when it is gone. */
static void check_passes_with(const char *add, const char *remove)
{
	assert_true(drops());
	if (!netns_run("%s", add)) {
		print_message("this machine refuses: %s\n", add);
		skip();
	}
	assert_false(drops());
	assert_run("%s", remove);
	assert_true(drops());
}

static void a_port_of_a_bridge_passes(void **state)
{
	(void)state;
	enter();
	assert_run("ip link add br0 type bridge");
	check_passes_with("ip link set v0 master br0",
			  "ip link set v0 nomaster");
}

static void the_lower_device_of_a_macvlan_passes(void **state)
{
	(void)state;
	enter();
	check_passes_with("ip link add m0 link v0 type macvlan",
			  "ip link del m0");
}

static void the_lower_device_of_a_vlan_passes(void **state)
{
	(void)state;
	enter();
	check_passes_with("ip link add v0.5 link v0 type vlan id 5",
			  "ip link del v0.5");
}

static void a_device_with_tc_ingress_passes(void **state)
{
	(void)state;
	enter();
	check_passes_with("tc qdisc add dev v0 clsact && tc filter add dev v0 "
			  "ingress prio 1 bpf da bytecode '1,6 0 0 0,'",
			  "tc qdisc del dev v0 clsact");
}

static void a_device_with_an_nftables_ingress_hook_passes(void **state)
{
	(void)state;
	enter();
	check_passes_with(
		"nft add table netdev t && nft add chain netdev t c "
		"'{ type filter hook ingress device v0 priority 0; }'",
		"nft delete table netdev t");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_device_drops),
		cmocka_unit_test(frames_for_other_macs_pass),
		cmocka_unit_test(a_changed_mac_is_followed),
		cmocka_unit_test(a_port_of_a_bridge_passes),
		cmocka_unit_test(the_lower_device_of_a_macvlan_passes),
		cmocka_unit_test(the_lower_device_of_a_vlan_passes),
		cmocka_unit_test(a_device_with_tc_ingress_passes),
		cmocka_unit_test(a_device_with_an_nftables_ingress_hook_passes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <net/if_arp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nicdb/load.h"
#include "offload/caps.h"
#include "offload/ladder.h"

static struct nicdb *db;

static int load_facts(void **state)
{
	OWN_BUF struct buf notes = BUF_INIT;
	struct err err;

	(void)state;
	return nicdb_load("/nonexistent", "/nonexistent", &db, &notes, &err);
}

static int drop_facts(void **state)
{
	(void)state;
	nicdb_free(db);
	return 0;
}

/* An interface of that driver, of which only the link is known. */
static struct nic nic_of(const char *driver)
{
	struct nic nic = {
		.link = { .ifindex = 7,
			  .name = "eth0",
			  .type = ARPHRD_ETHER,
			  .mtu = 1500 },
		.cpus = 4,
	};

	strcpy(nic.driver, driver);
	nic.tried[NIC_SOURCE_DRIVER] = 1;
	nic.tried[NIC_SOURCE_FEATURES] = 1;
	return nic;
}

static void set_flags(struct nic *nic, uint64_t flags)
{
	nic->tried[NIC_SOURCE_XDP_FEATURES] = 1;
	nic->xdp_features = flags;
}

static void set_trial(struct nic *nic, enum nic_trial trial)
{
	nic->tried[NIC_SOURCE_TRIAL] = 1;
	nic->trial = trial;
}

static void set_feature(struct nic *nic, const char *name, bool is_fixed)
{
	struct nic_switch *feature = &nic->features[nic->feature_count++];

	strcpy(feature->name, name);
	feature->is_on = true;
	feature->is_fixed = is_fixed;
}

static struct caps *judge(const struct nic *nic, uint32_t version)
{
	const struct kernel_features kernel = {
		.version = version,
		.has_frags = version >= NICDB_VERSION(5, 18),
		.has_device = true,
		.has_btf = true,
		.has_jit = true,
	};
	struct caps *caps = NULL;
	struct err err;

	assert_int_equal(caps_make(nic, db, &kernel, &caps, &err), 0);
	return caps;
}

#define NATIVE(caps) ((caps)->tiers[TIER_NATIVE])

static void the_kernel_outweighs_the_trial_and_both_the_nicdb(void **state)
{
	struct nic nic = nic_of("e1000e");

	(void)state;
	OWN(caps) struct caps *by_nicdb = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(NATIVE(by_nicdb).able, CAPS_NO);
	assert_int_equal(NATIVE(by_nicdb).origin, CAPS_BY_NICDB);
	set_trial(&nic, NIC_TRIAL_NATIVE);
	OWN(caps) struct caps *by_trial = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(NATIVE(by_trial).able, CAPS_YES);
	assert_int_equal(NATIVE(by_trial).origin, CAPS_BY_TRIAL);
	set_trial(&nic, NIC_TRIAL_GENERIC);
	set_flags(&nic, NIC_XDP_BASIC);
	OWN(caps) struct caps *by_kernel = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(NATIVE(by_kernel).able, CAPS_YES);
	assert_int_equal(NATIVE(by_kernel).origin, CAPS_BY_KERNEL);
	assert_int_equal(NATIVE(by_kernel).certainty, CAPS_CERTAIN);
}

static void an_unknown_driver_is_tried(void **state)
{
	struct nic nic = nic_of("brandnew");

	(void)state;
	OWN(caps) struct caps *caps = judge(&nic, NICDB_VERSION(6, 1));
	assert_null(caps->driver);
	assert_int_equal(NATIVE(caps).able, CAPS_UNKNOWN);
	assert_null(caps_objection(caps, TIER_NATIVE));
	assert_int_equal(caps->recommended, TIER_NATIVE);
	set_trial(&nic, NIC_TRIAL_GENERIC);
	OWN(caps) struct caps *tried = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(NATIVE(tried).able, CAPS_NO);
	assert_int_equal(tried->recommended, TIER_GENERIC);
}

static void flags_that_hide_leave_room_for_the_fix(void **state)
{
	struct nic nic = nic_of("ena");

	(void)state;
	set_flags(&nic, 0);
	set_trial(&nic, NIC_TRIAL_NATIVE);
	nic.tried[NIC_SOURCE_CHANNELS] = 1;
	nic.channels =
		(struct nic_channels){ .combined = 6, .combined_max = 8 };
	OWN(caps) struct caps *caps = judge(&nic, NICDB_VERSION(6, 12));
	const struct caps_blocker *blocker = caps_objection(caps, TIER_NATIVE);

	assert_int_equal(NATIVE(caps).able, CAPS_AFTER_FIX);
	assert_non_null(blocker);
	assert_int_equal(blocker->reason, REASON_QUEUES);
	assert_string_equal(blocker->fix, "ethtool -L eth0 combined 4");
	assert_string_equal(blocker->undo, "ethtool -L eth0 combined 6");
	assert_true(blocker->is_complete);
	assert_string_equal(blocker->text,
			    "combined is 6, combined-max is 8, needed: "
			    "2*combined <= combined-max");
	nic.channels.combined = 4;
	OWN(caps) struct caps *fixed = judge(&nic, NICDB_VERSION(6, 12));
	assert_int_equal(NATIVE(fixed).able, CAPS_UNKNOWN);
}

static void a_jumbo_mtu_is_fine_where_frags_are(void **state)
{
	struct nic nic = nic_of("i40e");

	(void)state;
	nic.link.mtu = 9000;
	set_trial(&nic, NIC_TRIAL_NATIVE);
	OWN(caps) struct caps *before = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(NATIVE(before).able, CAPS_AFTER_FIX);
	assert_string_equal(caps_objection(before, TIER_NATIVE)->fix,
			    "ip link set dev eth0 mtu 3046");
	OWN(caps) struct caps *since = judge(&nic, NICDB_VERSION(6, 12));
	assert_int_equal(NATIVE(since).able, CAPS_YES);
}

static void only_the_right_firmware_runs_programs(void **state)
{
	struct nic nic = nic_of("nfp");

	(void)state;
	strcpy(nic.firmware, "0.0.3.5 0.24 sriov-2.1.16 nic");
	set_trial(&nic, NIC_TRIAL_NATIVE);
	OWN(caps) struct caps *wrong = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(wrong->tiers[TIER_HW].able, CAPS_AFTER_FIX);
	assert_int_equal(caps_objection(wrong, TIER_HW)->reason,
			 REASON_WRONG_FIRMWARE);
	assert_string_equal(
		caps_objection(wrong, TIER_HW)->text,
		"firmware-app is nic, needed: firmware-app is ebpf");
	strcpy(nic.firmware, "0.0.3.5 0.24 bpf-2.0.6.124 ebpf");
	set_trial(&nic, NIC_TRIAL_HW);
	OWN(caps) struct caps *right = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(right->tiers[TIER_HW].able, CAPS_YES);
	assert_null(caps_objection(right, TIER_HW));
}

static void generic_is_refused_where_the_kernel_would_warn(void **state)
{
	struct nic nic = nic_of("virtio_net");

	(void)state;
	set_trial(&nic, NIC_TRIAL_NATIVE);
	set_feature(&nic, "rx-gro-hw", true);
	OWN(caps) struct caps *caps = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(caps->tiers[TIER_GENERIC].able, CAPS_NO);
	assert_int_equal(NATIVE(caps).able, CAPS_AFTER_FIX);
	assert_int_equal(caps_objection(caps, TIER_NATIVE)->reason,
			 REASON_HOST_OFFLOADS);
	assert_int_equal(caps->recommended, TIER_NONE);
}

static struct plan_tier generic_with(const struct caps *caps, enum tier max)
{
	const struct plan_input input = {
		.iface = "eth0",
		.caps = caps,
		.wishes = { .max = max, .pinned = ~0u },
	};
	struct plan_tier tiers[TIER_COUNT];

	ladder_decide(&input, true, false, tiers);
	return tiers[TIER_GENERIC];
}

static void generic_that_costs_more_is_had_only_by_name(void **state)
{
	struct nic nic = nic_of("vmxnet3");

	(void)state;
	set_feature(&nic, "rx-lro", false);
	OWN(caps) struct caps *caps = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(NATIVE(caps).able, CAPS_NO);
	assert_int_equal(caps_objection(caps, TIER_NATIVE)->reason,
			 REASON_OLD_KERNEL);
	assert_int_equal(caps->recommended, TIER_NONE);
	assert_int_equal(generic_with(caps, TIER_HW).reason,
			 REASON_GENERIC_COSTS);
	assert_true(generic_with(caps, TIER_GENERIC).is_candidate);
}

static void the_port_that_refuses_is_named(void **state)
{
	struct nic ports[2] = { nic_of("ixgbe"), nic_of("dummy") };
	struct nic nic = nic_of("bonding");

	(void)state;
	strcpy(ports[1].link.name, "dummy0");
	set_trial(&ports[0], NIC_TRIAL_NATIVE);
	set_trial(&ports[1], NIC_TRIAL_GENERIC);
	set_trial(&nic, NIC_TRIAL_NATIVE);
	strcpy(nic.bond_mode, "active-backup");
	nic.ports = ports;
	nic.port_count = 1;
	OWN(caps) struct caps *good = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(NATIVE(good).able, CAPS_YES);
	nic.port_count = 2;
	OWN(caps) struct caps *bad = judge(&nic, NICDB_VERSION(6, 1));
	assert_int_equal(NATIVE(bad).able, CAPS_AFTER_FIX);
	assert_int_equal(caps_objection(bad, TIER_NATIVE)->reason,
			 REASON_BOND_PORT);
	assert_non_null(strstr(caps_objection(bad, TIER_NATIVE)->remedy,
			       "ip link set dev dummy0 nomaster"));
}

static void odd_names_are_quoted_in_commands(void **state)
{
	struct nic nic = nic_of("igc");

	(void)state;
	strcpy(nic.link.name, "a;b'c");
	nic.link.mtu = 9000;
	set_trial(&nic, NIC_TRIAL_NATIVE);
	OWN(caps) struct caps *caps = judge(&nic, NICDB_VERSION(6, 12));
	assert_string_equal(caps_objection(caps, TIER_NATIVE)->fix,
			    "ip link set dev 'a;b'\\''c' mtu 1500");
}

static void every_reason_of_the_nicdb_is_one(void **state)
{
	const struct nicdb_driver *driver;

	(void)state;
	for (size_t i = 0; (driver = nicdb_get(db, i)); i++) {
		for (size_t j = 0; j < driver->need_count; j++) {
			if (reason_find(driver->needs[j].reason) < 0)
				fail_msg("%s: %s", driver->names[0],
					 driver->needs[j].reason);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_kernel_outweighs_the_trial_and_both_the_nicdb),
		cmocka_unit_test(an_unknown_driver_is_tried),
		cmocka_unit_test(flags_that_hide_leave_room_for_the_fix),
		cmocka_unit_test(a_jumbo_mtu_is_fine_where_frags_are),
		cmocka_unit_test(only_the_right_firmware_runs_programs),
		cmocka_unit_test(
			generic_is_refused_where_the_kernel_would_warn),
		cmocka_unit_test(generic_that_costs_more_is_had_only_by_name),
		cmocka_unit_test(the_port_that_refuses_is_named),
		cmocka_unit_test(odd_names_are_quoted_in_commands),
		cmocka_unit_test(every_reason_of_the_nicdb_is_one),
	};

	return cmocka_run_group_tests(tests, load_facts, drop_facts);
}

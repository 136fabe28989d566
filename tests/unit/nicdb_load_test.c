// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "nicdb/load.h"

#define NOWHERE "/nonexistent/nicdb"

static const char facts[] = "driver veth\n"
			    "\tsource\tmine\n"
			    "\tnative\t9.9\n";

struct place {
	char directory[64];
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	strcpy(place->directory, "/tmp/wirewall-nicdb.XXXXXX");
	*state = place;
	return mkdtemp(place->directory) ? 0 : -1;
}

static int drop_place(void **state)
{
	const struct place *place = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", place->directory);
	int result = system(command);
	free(*state);
	return result;
}

static void write_file(void **state, const char *name, const char *text)
{
	const struct place *place = *state;
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", place->directory, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static struct nicdb *load(const char *installed, const char *overrides,
			  struct buf *notes)
{
	struct nicdb *db = NULL;
	struct err err = { 0 };
	int result = nicdb_load(installed, overrides, &db, notes, &err);

	if (result)
		print_message("%s\n", err.text);
	assert_int_equal(result, 0);
	return db;
}

static void every_row_of_the_builtin_facts_is_read(void **state)
{
	OWN_BUF struct buf notes = BUF_INIT;
	OWN(nicdb) struct nicdb *db = load(NOWHERE, NOWHERE, &notes);
	const struct nicdb_driver *driver;
	size_t count = 0, needs = 0;

	(void)state;
	assert_string_equal(buf_text(&notes), "");
	assert_true(nicdb_date(db) >= 20261125);
	for (; (driver = nicdb_get(db, count)); count++) {
		assert_non_null(driver->source);
		assert_non_null(driver->title);
		assert_true(driver->native != 0);
		assert_true(driver->native != NICDB_NEVER || driver->checked);
		needs += driver->need_count;
		for (size_t i = 0; i < driver->need_count; i++) {
			assert_non_null(driver->needs[i].reason);
			assert_non_null(driver->needs[i].errnos);
		}
	}
	assert_true(count >= 83);
	assert_true(needs >= 40);
}

static void drivers_are_found_by_the_names_that_the_kernel_reports(void **state)
{
	static const char *const names[] = {
		"virtio_net",
		"veth",
		"bonding",
		"vif",
		"hv_netvsc",
		"netdevsim",
		"vmxnet3",
		"ixgbe",
		"ixgbevf",
		"i40e",
		"ice",
		"igb",
		"igc",
		"idpf",
		"mlx4_en",
		"mlx5_core",
		"bnxt_en",
		"nfp",
		"qede",
		"sfc",
		"sfc_siena",
		"ena",
		"gve",
		"mana",
		"ionic",
		"fbnic",
		"funeth",
		"atlantic",
		"nicvf",
		"rvu-nicpf",
		"mvneta",
		"mvpp2",
		"st_gmac",
		"st_xgmac",
		"st_mac100",
		"mtk_soc_eth",
		"fsl_dpa",
		"fsl_dpaa2_eth",
		"fsl_enetc",
		"fec",
		"lan966x-switch",
		"tsnep",
		"netsec",
		"cpsw",
		"cpsw-switch",
		"am65-cpsw-nuss",
		"icssg-prueth",
		"hns3",
		"cxgb4",
		"iavf",
		"txgbe",
		"niu",
		"gfar-enet",
		"sfc_falcon",
		"e1000",
		"e1000e",
		"igbvf",
		"r8169",
		"tg3",
		"bnx2x",
		"be2net",
		"enic",
		"8139cp",
		"8139too",
		"pcnet32",
		"macb",
		"mlx5e_rep",
		"rvu-nicvf",
		"mlxsw_spectrum",
		"r8152",
		"cdc_ether",
		"dummy",
		"macvlan",
		"ipvlan",
		"802.1Q VLAN Support",
		"bridge",
		"ifb",
		"team",
		"wireguard",
		"vxlan",
		"lo",
		"fsl_enetc_vf",
	};
	OWN_BUF struct buf notes = BUF_INIT;
	OWN(nicdb) struct nicdb *db = load(NOWHERE, NOWHERE, &notes);

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!nicdb_find(db, names[i], "0000:00:03.0"))
			fail_msg("%s is not there", names[i]);
	}
	assert_int_equal(nicdb_find(db, "tun", "tap")->native,
			 NICDB_VERSION(4, 14));
	assert_int_equal(nicdb_find(db, "tun", "tun")->native, NICDB_NEVER);
	assert_null(nicdb_find(db, "tun", "other"));
	assert_null(nicdb_find(db, "stmmac", ""));
}

static void an_override_replaces_a_driver_whole(void **state)
{
	const struct place *place = *state;
	OWN_BUF struct buf notes = BUF_INIT;

	write_file(state, "10-mine.conf", facts);
	write_file(state, "ignored.txt", "nonsense\n");
	OWN(nicdb) struct nicdb *db = load(NOWHERE, place->directory, &notes);
	const struct nicdb_driver *veth = nicdb_find(db, "veth", "");

	assert_string_equal(buf_text(&notes), "");
	assert_int_equal(veth->native, NICDB_VERSION(9, 9));
	assert_int_equal(veth->need_count, 0);
	assert_non_null(nicdb_find(db, "ena", ""));
}

/* Nothing of the file counts, though the first driver in it is right. */
static void check_ignored(void **state, const char *row, const char *sentence)
{
	const struct place *place = *state;
	OWN_BUF struct buf notes = BUF_INIT;
	char text[512], expected[512];

	snprintf(text, sizeof(text), "%s%s\n", facts, row);
	write_file(state, "bad.conf", text);
	OWN(nicdb) struct nicdb *db = load(NOWHERE, place->directory, &notes);
	snprintf(expected, sizeof(expected),
		 "%s/bad.conf: %s; all of %s/bad.conf is ignored\n",
		 place->directory, sentence, place->directory);
	assert_string_equal(buf_text(&notes), expected);
	assert_int_equal(nicdb_find(db, "veth", "")->native,
			 NICDB_VERSION(4, 19));
}

static void an_override_with_an_error_is_ignored_whole(void **state)
{
	check_ignored(state, "speed 10",
		      "line 4: \"speed 10\" is no row that is known");
	check_ignored(state, "native soon",
		      "line 4: expected a version of Linux like 5.18, seen "
		      "\"soon\"");
	check_ignored(state, "need mtu",
		      "line 4: expected <=, >=, =, is or not, seen \"\"");
	check_ignored(state, "need mtu <= 5\n\tfix ip {if",
		      "line 5: expected {NAME} or {NAME/2}, seen \"{if\"");
	check_ignored(state, "need mtu <= 5",
		      "line 4: the driver veth above needs \"mtu <= 5\" "
		      "without a reason");
	check_ignored(state, "driver x",
		      "line 4: the driver x above names no source: where were "
		      "its facts read?");
	check_ignored(state, "driver y, veth\nsource s",
		      "line 4: the driver y stands in line 1 already");
	check_ignored(state, "reason x",
		      "line 4: \"reason\" stands below a need");
	check_ignored(state, "source again",
		      "line 4: said twice, first: \"mine\"");
	check_ignored(state, "nicdb 1 20300101",
		      "line 4: \"nicdb\" stands once, in front of all drivers");
	check_ignored(state, "title a\x01",
		      "line 4: there is a control character (0x01) in it");
}

static void the_first_row_needs_a_driver(void **state)
{
	const struct place *place = *state;
	OWN_BUF struct buf notes = BUF_INIT;

	write_file(state, "bad.conf", "native 5.5\n");
	OWN(nicdb) struct nicdb *db = load(NOWHERE, place->directory, &notes);
	assert_non_null(strstr(buf_text(&notes),
			       "line 1: \"native\" stands below a line "
			       "\"driver NAME\""));
	assert_non_null(db);
}

static void installed_facts_count_unless_they_are_older(void **state)
{
	const struct place *place = *state;
	OWN_BUF struct buf notes = BUF_INIT;
	char path[160], text[256];

	snprintf(path, sizeof(path), "%s/drivers.conf", place->directory);
	snprintf(text, sizeof(text), "nicdb 1 20990101\n%s", facts);
	write_file(state, "drivers.conf", text);
	OWN(nicdb) struct nicdb *newer = load(path, NOWHERE, &notes);
	assert_int_equal(nicdb_find(newer, "veth", "")->native,
			 NICDB_VERSION(9, 9));

	snprintf(text, sizeof(text), "nicdb 1 20200101\n%s", facts);
	write_file(state, "drivers.conf", text);
	OWN(nicdb) struct nicdb *older = load(path, NOWHERE, &notes);
	assert_int_equal(nicdb_find(older, "veth", "")->native,
			 NICDB_VERSION(4, 19));
	assert_string_equal(buf_text(&notes), "");
}

static void what_cannot_be_read_is_named(void **state)
{
	const struct place *place = *state;
	OWN_BUF struct buf notes = BUF_INIT;

	OWN(nicdb) struct nicdb *db = load(place->directory, NOWHERE, &notes);
	assert_non_null(strstr(buf_text(&notes), "cannot read "));
	assert_non_null(strstr(buf_text(&notes), " is ignored\n"));
	assert_non_null(nicdb_find(db, "veth", ""));
}

static void rows_are_true_of_a_range_of_kernels(void **state)
{
	const struct nicdb_range all = { 0, 0 };
	const struct nicdb_range some = { NICDB_VERSION(5, 18),
					  NICDB_VERSION(6, 4) };

	(void)state;
	assert_true(nicdb_applies(&all, 0));
	assert_false(nicdb_applies(&some, 0));
	assert_false(nicdb_applies(&some, NICDB_VERSION(5, 17)));
	assert_true(nicdb_applies(&some, NICDB_VERSION(5, 18)));
	assert_true(nicdb_applies(&some, NICDB_VERSION(6, 3)));
	assert_false(nicdb_applies(&some, NICDB_VERSION(6, 4)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_the_builtin_facts_is_read),
		cmocka_unit_test(
			drivers_are_found_by_the_names_that_the_kernel_reports),
		cmocka_unit_test_setup_teardown(
			an_override_replaces_a_driver_whole, make_place,
			drop_place),
		cmocka_unit_test_setup_teardown(
			an_override_with_an_error_is_ignored_whole, make_place,
			drop_place),
		cmocka_unit_test_setup_teardown(the_first_row_needs_a_driver,
						make_place, drop_place),
		cmocka_unit_test_setup_teardown(
			installed_facts_count_unless_they_are_older, make_place,
			drop_place),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_named,
						make_place, drop_place),
		cmocka_unit_test(rows_are_true_of_a_range_of_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

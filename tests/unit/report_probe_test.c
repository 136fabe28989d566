// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/probe.h"

#define DOCUMENT(members)                                                      \
	"{\"kind\": \"caps\", \"interfaces\": [{\"probe\": {\"link\": "        \
	"{\"name\": \"eth0\"}" members "}}]}"

static struct probes *parse(const char *text)
{
	struct probes *probes = NULL;
	struct err err = { 0 };

	if (probe_parse(text, &probes, &err) < 0)
		fail_msg("%s", err.text);
	return probes;
}

/* Every member that probe_make() writes, filled with what is no default. */
static struct nic make_nic(struct nic *port)
{
	struct nic nic = {
		.link = { .ifindex = 5,
			  .name = "eth0",
			  .kind = "veth",
			  .type = 1,
			  .mtu = 9000,
			  .is_up = true,
			  .is_loopback = true,
			  .master = 7,
			  .master_name = "br0",
			  .slave_kind = "bridge",
			  .lower = 3,
			  .xdp = XDP_STATE_MULTI,
			  .native_id = 1,
			  .generic_id = 2,
			  .hw_id = 3 },
		.programs = { { 9, XDP_MODE_HW, NIC_OWNER_LINK, 4, "name" } },
		.program_count = 1,
		.uppers = { { "eth0.5", "vlan" } },
		.upper_count = 1,
		.driver = "d",
		.version = "v",
		.firmware = "f",
		.bus = "b",
		.features = { { "rx-lro", true, false },
			      { "rx-gro-hw", false, true } },
		.feature_count = 2,
		.flags = { { "striding", true, true } },
		.flag_count = 1,
		.channels = { 1, 2, 3, 4, 5, 6 },
		.rings = { 7, 8, 9, 10 },
		.xdp_features = 0x7f,
		.trial = NIC_TRIAL_HW,
		.devlink = "pci/x",
		.versions = { { "fw", "1.2" } },
		.version_count = 1,
		.ntuple_rules = 11,
		.ntuple_max = 12,
		.has_guest_offloads = true,
		.vfs = 13,
		.cpus = 14,
		.peer = { true, true, "peer", "netns", 15, 16, true },
		.bond_mode = "mode",
		.bond_hash = "hash",
		.ports = port,
		.port_count = 1,
	};

	for (int i = 0; i < NIC_SOURCE_COUNT; i++)
		nic.tried[i] = i % 3 == 2 ? -ENOENT : i % 3;
	return nic;
}

static void an_interface_comes_back_as_it_was_written(void **state)
{
	struct nic port = { .link.name = "port" };
	struct nic nic = make_nic(&port);
	struct jsonio io = { 0 };
	OWN_JSON json_t *written = probe_make(&io, &nic);
	OWN_JSON json_t *root = json_pack("{s:s, s:[{s:O}]}", "kind", "caps",
					  "interfaces", "probe", written);
	OWN_MEM char *text = json_dumps(root, 0);

	(void)state;
	assert_non_null(text);
	OWN(probes) struct probes *read = parse(text);
	assert_int_equal(read->count, 1);
	assert_false(read->has_kernel);
	assert_int_equal(read->nics[0]->port_count, 1);
	assert_string_equal(read->nics[0]->ports[0].link.name, "port");
	OWN_JSON json_t *again = probe_make(&io, read->nics[0]);
	assert_true(json_equal(written, again));
	nic.ports = read->nics[0]->ports;
	assert_memory_equal(&nic, read->nics[0], sizeof(nic));
}

static void a_kernel_comes_back_as_it_was_written(void **state)
{
	const struct kernel_features kernel = {
		.version = 6 << 16 | 1,
		.has_btf = true,
		.has_frags = true,
		.has_conntrack = true,
		.release = "6.1.0",
		.lockdown = "integrity",
	};
	struct jsonio io = { 0 };
	OWN_JSON json_t *root =
		json_pack("{s:s, s:[], s:o}", "kind", "caps", "interfaces",
			  "kernel", probe_make_kernel(&io, &kernel));
	OWN_MEM char *text = json_dumps(root, 0);

	(void)state;
	OWN(probes) struct probes *read = parse(text);
	assert_true(read->has_kernel);
	assert_memory_equal(&kernel, &read->kernel, sizeof(kernel));
}

static void what_is_absent_is_not_known(void **state)
{
	OWN(probes) struct probes *probes = parse(DOCUMENT(""));

	(void)state;
	assert_non_null(probe_find(probes, "eth0"));
	assert_null(probe_find(probes, "eth1"));
	for (int i = 0; i < NIC_SOURCE_COUNT; i++)
		assert_int_equal(probes->nics[0]->tried[i], 0);
}

static void the_highest_number_of_a_driver_comes_back(void **state)
{
	struct nic nic = {
		.link = { .name = "eth0", .ifindex = 1 },
		.rings = { .rx_max = UINT32_MAX },
	};
	struct jsonio io = { 0 };
	OWN_BUF struct buf text = BUF_INIT;
	json_t *document = jsonio_document(&io, "caps");

	(void)state;
	jsonio_put(&io, document, "interfaces",
		   json_pack("[{s:o}]", "probe", probe_make(&io, &nic)));
	jsonio_print(&io, document, &text);
	OWN(probes) struct probes *probes = parse(buf_text(&text));
	assert_int_equal(probes->nics[0]->rings.rx_max, UINT32_MAX);
}

static void check_refused(const char *text, const char *sentence)
{
	struct probes *probes = NULL;
	struct err err;

	assert_int_equal(probe_parse(text, &probes, &err), -EINVAL);
	assert_null(probes);
	assert_string_equal(err.text, sentence);
}

static void a_bad_member_is_named(void **state)
{
	(void)state;
	check_refused(DOCUMENT(", \"cpus\": -1"),
		      "\"cpus\": expected a number that fits");
	check_refused(DOCUMENT(", \"cpus\": 4294967296"),
		      "\"cpus\": expected a number that fits");
	check_refused("{\"kind\": \"caps\", \"interfaces\": [{\"probe\": "
		      "{\"link\": {\"name\": \"eth0\", "
		      "\"ifindex\": 2147483648}}}]}",
		      "\"ifindex\": expected a number that fits");
	check_refused(DOCUMENT(", \"trial\": \"maybe\""),
		      "\"trial\": expected one of the words of docs/json.md");
	check_refused(DOCUMENT(", \"driver\": \"a name that is longer than "
			       "any driver's\""),
		      "\"driver\": expected a short text");
	check_refused(DOCUMENT(", \"features\": [{\"on\": 1}]"),
		      "\"on\": expected true or false");
	check_refused(DOCUMENT(", \"programs\": [{}, {}, {}, {}]"),
		      "\"programs\": expected a list that is not longer than "
		      "any device's");
	check_refused(DOCUMENT(", \"sources\": {\"devlink\": 2}"),
		      "\"devlink\": expected 1 (it told), 0 (not asked) or a "
		      "negative errno");
	check_refused(DOCUMENT(", \"ports\": [{}]"),
		      "\"name\": expected the interface's name, in \"link\"");
	check_refused("{\"kind\": \"caps\", \"interfaces\": [{}]}",
		      "\"probe\": expected an object");
	check_refused("{\"kind\": \"plan\"}",
		      "\"kind\": expected \"caps\", as wirewall caps --json "
		      "prints");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interface_comes_back_as_it_was_written),
		cmocka_unit_test(a_kernel_comes_back_as_it_was_written),
		cmocka_unit_test(the_highest_number_of_a_driver_comes_back),
		cmocka_unit_test(what_is_absent_is_not_known),
		cmocka_unit_test(a_bad_member_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

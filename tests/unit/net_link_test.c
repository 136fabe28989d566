// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

#include <errno.h>
#include <net/if_arp.h>

#include "net/link.h"
#include "net/xdp.h"

static void a_veth_is_told_with_all_that_matters(void **state)
{
	const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct link link;
	struct err err;

	(void)state;
	netns_enter();
	assert_run("ip link add v0 address 02:00:00:00:00:01 mtu 9000 "
		   "type veth peer name v1");
	assert_run("ip link set v0 up && ip link set v0 promisc on");
	assert_int_equal(link_get("v0", &link, &err), 0);
	assert_true(link.ifindex > 0);
	assert_string_equal(link.name, "v0");
	assert_string_equal(link.kind, "veth");
	assert_int_equal(link.type, ARPHRD_ETHER);
	assert_memory_equal(link.mac, mac, sizeof(mac));
	assert_int_equal(link.mtu, 9000);
	assert_true(link.is_up);
	assert_false(link.is_loopback);
	assert_int_equal(link.promiscuity, 1);
	assert_int_equal(link.master, 0);
	assert_string_equal(link.master_name, "");
	assert_int_equal(link.xdp, XDP_STATE_NONE);
	assert_int_equal(link.native_id | link.generic_id | link.hw_id, 0);
}

static void a_bridge_port_names_its_master(void **state)
{
	struct link link;
	struct err err;

	(void)state;
	netns_enter();
	if (!netns_run("ip link add br0 type bridge"))
		skip_because("this kernel has no bridge");
	assert_run("ip link add v0 type veth peer name v1");
	assert_run("ip link set v0 master br0");
	assert_int_equal(link_get("v0", &link, &err), 0);
	assert_true(link.master > 0);
	assert_string_equal(link.master_name, "br0");
	assert_string_equal(link.slave_kind, "bridge");
}

static void what_stands_on_an_interface_is_found(void **state)
{
	struct link link, upper;
	struct err err;

	(void)state;
	netns_enter();
	if (!netns_run("ip link add v0 type veth peer name v1 && "
		       "ip link add m0 link v0 type macvlan"))
		skip_because("this kernel has no macvlan");
	assert_int_equal(link_get("v0", &link, &err), 0);
	assert_int_equal(link_find_upper(&link, &upper, &err), 1);
	assert_string_equal(upper.name, "m0");
	assert_string_equal(upper.kind, "macvlan");
	/* A veth names its peer the same way, which takes nothing. */
	assert_int_equal(link_get("v1", &link, &err), 0);
	assert_int_equal(link_find_upper(&link, &upper, &err), 0);
}

static void a_missing_interface_is_named(void **state)
{
	struct link link = { .ifindex = 7 };
	struct err err;

	(void)state;
	netns_enter();
	assert_int_equal(link_get("nowhere0", &link, &err), -ENODEV);
	assert_non_null(strstr(err.text, "\"nowhere0\""));
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_int_equal(link.ifindex, 7);
	assert_int_equal(link_get("", &link, &err), -ENODEV);
	assert_int_equal(link_get("a-name-of-20-letters", &link, &err),
			 -ENODEV);
	assert_non_null(strstr(err.text, "\"a-name-of-20-letters\""));
}

static void an_alternative_name_is_refused_with_the_first_one(void **state)
{
	struct link link;
	struct err err;

	(void)state;
	netns_enter();
	assert_run("ip link add v0 type veth peer name v1");
	if (!netns_run("ip link property add dev v0 altname uplink"))
		skip_because("ip(8) or the kernel knows no altname");
	assert_int_equal(link_get("uplink", &link, &err), -ENODEV);
	assert_non_null(strstr(err.text, "\"v0\""));
}

static void the_list_has_every_interface_and_its_master(void **state)
{
	struct link *links = NULL;
	size_t count = 0, ports = 0, loopbacks = 0;
	struct err err;

	(void)state;
	netns_enter();
	for (int i = 0; i < 40; i++)
		assert_run("ip link add a%d type veth peer name b%d", i, i);
	bool has_bridge = netns_run("ip link add br0 type bridge") &&
			  netns_run("ip link set a7 master br0");

	size_t fds = netns_count_fds();
	assert_int_equal(link_list(&links, &count, &err), 0);
	assert_int_equal(netns_count_fds(), fds);
	assert_true(count >= 81);
	for (size_t i = 0; i < count; i++) {
		loopbacks += links[i].is_loopback;
		if (strcmp(links[i].master_name, "br0") != 0)
			continue;
		assert_string_equal(links[i].name, "a7");
		ports++;
	}
	assert_int_equal(loopbacks, 1);
	assert_int_equal(ports, has_bridge);
	free(links);
}

static void programs_are_told_by_mode(void **state)
{
	struct link link;
	struct err err;

	(void)state;
	netns_enter();
	assert_run("ip link add v0 type veth peer name v1");
	int fd = netns_program("p", XDP_PASS);
	uint32_t id = netns_program_id(fd);

	assert_int_equal(link_get("v0", &link, &err), 0);
	assert_int_equal(xdp_attach(link.ifindex, XDP_MODE_NATIVE, fd, -1,
				    &err),
			 0);
	assert_int_equal(link_get("v0", &link, &err), 0);
	assert_int_equal(link.xdp, XDP_STATE_NATIVE);
	assert_int_equal(link.native_id, id);
	assert_int_equal(link.generic_id, 0);

	assert_int_equal(link_get("v1", &link, &err), 0);
	assert_int_equal(xdp_attach(link.ifindex, XDP_MODE_GENERIC, fd, -1,
				    &err),
			 0);
	assert_int_equal(link_get("v1", &link, &err), 0);
	assert_int_equal(link.xdp, XDP_STATE_GENERIC);
	assert_int_equal(link.generic_id, id);
	assert_int_equal(link.native_id, 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_veth_is_told_with_all_that_matters),
		cmocka_unit_test(a_bridge_port_names_its_master),
		cmocka_unit_test(what_stands_on_an_interface_is_found),
		cmocka_unit_test(a_missing_interface_is_named),
		cmocka_unit_test(
			an_alternative_name_is_refused_with_the_first_one),
		cmocka_unit_test(the_list_has_every_interface_and_its_master),
		cmocka_unit_test(programs_are_told_by_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

#include <errno.h>
#include <sys/wait.h>

#include "net/link.h"
#include "net/xdp.h"

/* A veth pair v0 - v1 in a namespace of its own; the state of v0. */
static struct link make_veth(const char *peer_options)
{
	struct link link;
	struct err err;

	assert_run("ip link add v0 type veth peer name v1 %s", peer_options);
	assert_int_equal(link_get("v0", &link, &err), 0);
	return link;
}

static uint32_t native_id(void)
{
	struct link link;
	struct err err;

	assert_int_equal(link_get("v0", &link, &err), 0);
	return link.native_id;
}

static void a_program_is_replaced_and_detached_by_its_owner(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	int ifindex = make_veth("").ifindex;
	size_t fds = netns_count_fds();
	int old = netns_program("old", XDP_PASS);
	int new = netns_program("new", XDP_DROP);

	assert_int_equal(xdp_attach(ifindex, XDP_MODE_NATIVE, old, -1, &err),
			 0);
	assert_int_equal(xdp_attach(ifindex, XDP_MODE_NATIVE, new, old, &err),
			 0);
	assert_int_equal(native_id(), netns_program_id(new));
	assert_int_equal(xdp_detach(ifindex, XDP_MODE_NATIVE, new, &err), 0);
	assert_int_equal(native_id(), 0);
	close(old);
	close(new);
	assert_int_equal(netns_count_fds(), fds);
}

static void another_program_than_expected_stays(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	int ifindex = make_veth("").ifindex;
	int there = netns_program("there", XDP_PASS);
	int other = netns_program("other", XDP_PASS);
	int new = netns_program("new", XDP_PASS);

	assert_int_equal(xdp_attach(ifindex, XDP_MODE_NATIVE, there, -1, &err),
			 0);
	assert_int_equal(xdp_attach(ifindex, XDP_MODE_NATIVE, new, other, &err),
			 -EEXIST);
	assert_non_null(strstr(err.text, "does not match expected"));
	assert_int_equal(xdp_attach(ifindex, XDP_MODE_NATIVE, new, -1, &err),
			 -EBUSY);
	assert_non_null(strstr(err.text, "already attached"));
	assert_int_equal(xdp_detach(ifindex, XDP_MODE_NATIVE, other, &err),
			 -EEXIST);
	assert_int_equal(native_id(), netns_program_id(there));
	close(there);
	close(other);
	close(new);
}

static void native_beside_generic_is_refused(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	int ifindex = make_veth("").ifindex;
	int fd = netns_program("p", XDP_PASS);

	assert_int_equal(xdp_attach(ifindex, XDP_MODE_GENERIC, fd, -1, &err),
			 0);
	assert_int_equal(xdp_attach(ifindex, XDP_MODE_NATIVE, fd, -1, &err),
			 -EEXIST);
	assert_non_null(strstr(err.text, "at the same time"));
	close(fd);
}

static void a_refusal_has_the_drivers_words(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	int ifindex = make_veth("mtu 9000").ifindex;
	int fd = netns_program("p", XDP_PASS);

	assert_int_equal(xdp_attach(ifindex, XDP_MODE_NATIVE, fd, -1, &err),
			 -ERANGE);
	assert_non_null(strstr(err.text, "Peer MTU is too large to set XDP"));
	assert_non_null(strstr(err.text, "native"));
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_int_equal(xdp_attach(ifindex, XDP_MODE_GENERIC, fd, -1, &err),
			 0);
	close(fd);
}

static void tun_takes_generic_programs_only(void **state)
{
	struct link link;
	struct err err;

	(void)state;
	netns_enter();
	if (!netns_run("ip tuntap add dev t0 mode tun"))
		skip_because("this machine has no /dev/net/tun");
	assert_int_equal(link_get("t0", &link, &err), 0);
	int fd = netns_program("p", XDP_PASS);

	assert_int_equal(xdp_attach(link.ifindex, XDP_MODE_NATIVE, fd, -1,
				    &err),
			 -EOPNOTSUPP);
	assert_non_null(strstr(err.text, "native mode"));
	assert_int_equal(xdp_attach(link.ifindex, XDP_MODE_GENERIC, fd, -1,
				    &err),
			 0);
	close(fd);
}

static void a_vanished_interface_is_enodev(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	int ifindex = make_veth("").ifindex;
	int fd = netns_program("p", XDP_PASS);

	assert_run("ip link del v0");
	assert_int_equal(xdp_attach(ifindex, XDP_MODE_NATIVE, fd, -1, &err),
			 -ENODEV);
	assert_non_null(strstr(err.text, "vanished"));
	close(fd);
}

static void a_missing_capability_is_named(void **state)
{
	int status;

	(void)state;
	netns_enter();
	int ifindex = make_veth("").ifindex;
	int fd = netns_program("p", XDP_PASS);
	pid_t pid = fork();

	if (pid == 0) {
		struct err err;
		bool is_named = setuid(65534) == 0 &&
				xdp_attach(ifindex, XDP_MODE_NATIVE, fd, -1,
					   &err) == -EPERM &&
				strstr(err.text, "CAP_NET_ADMIN");

		_exit(!is_named);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(native_id(), 0);
	close(fd);
}

static void a_program_outlives_the_process_that_attached_it(void **state)
{
	int status;

	(void)state;
	netns_enter();
	int ifindex = make_veth("").ifindex;
	pid_t pid = fork();

	if (pid == 0) {
		struct err err;

		xdp_attach(ifindex, XDP_MODE_NATIVE,
			   netns_program("p", XDP_PASS), -1, &err);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_not_equal(native_id(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_program_is_replaced_and_detached_by_its_owner),
		cmocka_unit_test(another_program_than_expected_stays),
		cmocka_unit_test(native_beside_generic_is_refused),
		cmocka_unit_test(a_refusal_has_the_drivers_words),
		cmocka_unit_test(tun_takes_generic_programs_only),
		cmocka_unit_test(a_vanished_interface_is_enodev),
		cmocka_unit_test(a_missing_capability_is_named),
		cmocka_unit_test(
			a_program_outlives_the_process_that_attached_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

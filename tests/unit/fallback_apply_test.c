// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/netns.h"

#include <errno.h>
#include <sys/wait.h>

#include "bpf/switch.h"
#include "fallback/apply.h"
#include "net/xdp.h"
#include "rules/read.h"

#define BEGIN "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n"
#define END   "COMMIT\n"

static const char drop_telnet[] =
	BEGIN "-A INPUT -p tcp -m tcp --dport 23 -j DROP\n" END;
static const char drop_smtp[] =
	BEGIN "-A INPUT -p tcp -m tcp --dport 25 -j DROP\n" END;
static const char drop_nothing[] = "*filter\n:INPUT ACCEPT [0:0]\n" END;

/* A plan and the rules that it refers to. */
struct policy_plan {
	struct ruleset *rules;
	struct plan *plan;
};

static struct policy_plan plan_for(const char *iface, const char *text)
{
	struct policy_plan made = { 0 };
	struct kernel_features kernel;
	struct host_facts facts = { 0 };
	struct link link;
	struct err err;

	assert_int_equal(read_rules(text, strlen(text), "test", FAMILY_IPV4,
				    &made.rules, NULL, &err),
			 0);
	kernel_features_probe(&kernel);
	const struct plan_input input = {
		.policy.ipv4 = made.rules,
		.iface = iface,
		.link = link_get(iface, &link, &err) == 0 ? &link : NULL,
		.kernel = &kernel,
		.facts = &facts,
		.wishes = { .max = TIER_HW, .pinned = ~0u },
	};
	assert_int_equal(plan_make(&input, &made.plan, &err), 0);
	return made;
}

static void plan_done(struct policy_plan *made)
{
	plan_free(made->plan);
	ruleset_free(made->rules);
}

/* Apply @text to @iface, with @require; the result of apply_plans(). */
static int apply_with(const char *iface, const char *text, enum tier require,
		      struct apply_result *result, struct err *err)
{
	struct policy_plan made = plan_for(iface, text);
	const struct apply_request request = {
		.plan = made.plan,
		.record = "{\"names\": 1}",
	};

	made.plan->wishes.require = require;
	int error = apply_plans(&request, 1, result, err);
	plan_done(&made);
	return error;
}

static struct apply_result apply(const char *iface, const char *text)
{
	struct apply_result result;
	struct err err = { 0 };
	int error = apply_with(iface, text, TIER_NONE, &result, &err);

	if (error)
		print_message("%s\n", err.text);
	assert_int_equal(error, 0);
	assert_string_equal(result.warning, "");
	return result;
}

static struct link look(const char *iface)
{
	struct link link;
	struct err err;

	assert_int_equal(link_get(iface, &link, &err), 0);
	return link;
}

static const struct apply_step *find_step(const struct apply_result *result,
					  enum tier tier)
{
	for (size_t i = 0; i < result->step_count; i++) {
		if (result->steps[i].tier == tier)
			return &result->steps[i];
	}
	return NULL;
}

static bool is_stopped(uint32_t prog_id)
{
	struct wire_switch found;
	struct err err;

	assert_int_equal(switch_get(prog_id, &found, &err), 0);
	return found.is_stopped;
}

static void make_veth(const char *name)
{
	assert_run("ip link add %s type veth peer name %sp", name, name);
}

/*
 * A veth whose driver refuses native XDP: it wants one queue to receive for
 * each that its peer sends by.
 */
static bool make_stubborn_veth(const char *name)
{
	assert_run("ip link add %s numrxqueues 1 type veth peer name %sp "
		   "numtxqueues 2",
		   name, name);
	return netns_run("ethtool -L %sp tx 2", name);
}
#define NEEDS_ETHTOOL "needs ethtool(8) and two queues"

static size_t count_records(void)
{
	DIR *dir = opendir("/run/wirewall");
	size_t count = 0;

	if (!dir)
		return 0;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static void a_veth_gets_a_native_program_with_frags(void **state)
{
	(void)state;
	netns_enter();
	make_veth("v0");
	assert_run("ip link set v0p mtu 9000");
	size_t fds = netns_count_fds();
	struct apply_result result = apply("v0", drop_telnet);

	assert_int_equal(netns_count_fds(), fds);
	assert_int_equal(result.tier, TIER_NATIVE);
	assert_true(result.has_frags);
	assert_false(result.is_unchanged);
	assert_int_equal(look("v0").native_id, result.prog_id);
	assert_int_equal(result.step_count, 1);
	assert_int_equal(result.steps[0].tier, TIER_HW);
	assert_int_equal(result.steps[0].reason, REASON_UNKNOWN_CARD);
	assert_int_equal(count_records(), 1);
}

static void the_same_plan_again_starts_what_was_stopped(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	struct apply_result first = apply("v0", drop_telnet);
	assert_int_equal(switch_set(first.prog_id, true, &err), 0);
	assert_true(is_stopped(first.prog_id));

	struct apply_result second = apply("v0", drop_telnet);
	assert_true(second.is_unchanged);
	assert_int_equal(second.prog_id, first.prog_id);
	assert_false(is_stopped(first.prog_id));
}

static void the_same_plan_again_changes_nothing(void **state)
{
	(void)state;
	netns_enter();
	make_veth("v0");
	struct apply_result first = apply("v0", drop_telnet);
	struct apply_result second = apply("v0", drop_telnet);

	assert_true(second.is_unchanged);
	assert_int_equal(second.tier, TIER_NATIVE);
	assert_int_equal(second.prog_id, first.prog_id);
	assert_int_equal(second.has_frags, first.has_frags);
	assert_int_equal(look("v0").native_id, first.prog_id);
	assert_int_equal(count_records(), 1);
}

static void a_new_policy_takes_the_place_of_the_old_one(void **state)
{
	(void)state;
	netns_enter();
	make_veth("v0");
	struct apply_result first = apply("v0", drop_telnet);
	struct apply_result second = apply("v0", drop_smtp);

	assert_false(second.is_unchanged);
	assert_int_not_equal(second.prog_id, first.prog_id);
	assert_int_equal(look("v0").native_id, second.prog_id);
	assert_int_equal(count_records(), 1);
}

static void a_refused_tier_is_a_step_with_the_drivers_words(void **state)
{
	(void)state;
	netns_enter();
	if (!make_stubborn_veth("v0"))
		skip_because(NEEDS_ETHTOOL);
	struct apply_result result = apply("v0", drop_telnet);
	const struct apply_step *step = find_step(&result, TIER_NATIVE);

	assert_int_equal(result.tier, TIER_GENERIC);
	assert_int_equal(look("v0").generic_id, result.prog_id);
	assert_non_null(step);
	assert_int_equal(step->reason, REASON_QUEUES);
	assert_non_null(strstr(step->text, "number of rx queues"));
	assert_int_equal(count_records(), 1);
}

static void a_driver_without_xdp_gets_generic(void **state)
{
	(void)state;
	netns_enter();
	if (!netns_run("ip link add br0 type bridge"))
		skip_because("this kernel has no bridge");
	struct apply_result result = apply("br0", drop_telnet);

	assert_int_equal(result.tier, TIER_GENERIC);
	assert_non_null(
		strstr(find_step(&result, TIER_NATIVE)->text, "native mode"));
}

static void less_than_required_attaches_nothing(void **state)
{
	struct apply_result result;
	struct err err;

	(void)state;
	netns_enter();
	if (!make_stubborn_veth("v0"))
		skip_because(NEEDS_ETHTOOL);
	size_t fds = netns_count_fds();

	assert_true(apply_with("v0", drop_telnet, TIER_NATIVE, &result, &err) <
		    0);
	assert_int_equal(err.kind, ERR_LESS);
	assert_non_null(strstr(err.text, "v0: "));
	assert_non_null(strstr(err.text, "number of rx queues"));
	assert_int_equal(look("v0").xdp, XDP_STATE_NONE);
	assert_int_equal(netns_count_fds(), fds);
	assert_int_equal(count_records(), 0);

	assert_true(apply_with("v0", drop_nothing, TIER_GENERIC, &result,
			       &err) < 0);
	assert_int_equal(err.kind, ERR_LESS);
	assert_int_equal(result.tier, TIER_NONE);
}

static void a_foreign_program_is_named_and_untouched(void **state)
{
	struct apply_result result;
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	int fd = netns_program("others", XDP_PASS);
	uint32_t id = netns_program_id(fd);

	assert_int_equal(xdp_attach(look("v0").ifindex, XDP_MODE_GENERIC, fd,
				    -1, &err),
			 0);
	assert_int_equal(apply_with("v0", drop_telnet, TIER_NONE, &result,
				    &err),
			 -EBUSY);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "\"others\""));
	assert_non_null(strstr(err.text, "xdpgeneric off"));
	assert_int_equal(apply_remove("v0", &err), -ENOENT);
	assert_non_null(strstr(err.text, "\"others\""));
	assert_int_equal(apply("v0", drop_nothing).tier, TIER_NONE);
	assert_int_equal(look("v0").generic_id, id);
	close(fd);
}

static void a_name_alone_does_not_make_a_program_ours(void **state)
{
	struct apply_result result;
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	int fd = netns_program(WIRE_PROGRAM_NAME, XDP_PASS);

	assert_int_equal(xdp_attach(look("v0").ifindex, XDP_MODE_NATIVE, fd, -1,
				    &err),
			 0);
	assert_int_equal(apply_with("v0", drop_telnet, TIER_NONE, &result,
				    &err),
			 -EBUSY);
	assert_int_equal(look("v0").native_id, netns_program_id(fd));
	close(fd);
}

static void a_missing_interface_is_named(void **state)
{
	struct apply_result result;
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	struct policy_plan made = plan_for("v0", drop_telnet);
	const struct apply_request request = { .plan = made.plan };

	assert_run("ip link del v0");
	assert_int_equal(apply_plans(&request, 1, &result, &err), -ENODEV);
	assert_non_null(strstr(err.text, "\"v0\""));
	plan_done(&made);
}

/* Apply @text to v0 and v1, which has @require; 0 or -errno. */
static int apply_two(const char *text, enum tier require, struct err *err)
{
	struct policy_plan made[2] = { plan_for("v0", text),
				       plan_for("v1", text) };
	const struct apply_request requests[2] = {
		{ .plan = made[0].plan, .record = "0" },
		{ .plan = made[1].plan, .record = "1" },
	};
	struct apply_result results[2];
	size_t fds = netns_count_fds();

	made[1].plan->wishes.require = require;
	int result = apply_plans(requests, 2, results, err);
	assert_int_equal(netns_count_fds(), fds);
	plan_done(&made[0]);
	plan_done(&made[1]);
	return result;
}

static void when_the_second_fails_the_first_gets_its_program_back(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	if (!make_stubborn_veth("v1"))
		skip_because(NEEDS_ETHTOOL);
	struct apply_result former = apply("v0", drop_telnet);

	assert_true(apply_two(drop_smtp, TIER_NATIVE, &err) < 0);
	assert_int_equal(err.kind, ERR_LESS);
	assert_non_null(strstr(err.text, "v1: "));
	assert_int_equal(look("v0").native_id, former.prog_id);
	assert_int_equal(look("v1").xdp, XDP_STATE_NONE);
	assert_int_equal(count_records(), 1);

	assert_int_equal(apply_remove("v0", &err), 0);
	assert_true(apply_two(drop_smtp, TIER_NATIVE, &err) < 0);
	assert_int_equal(look("v0").xdp, XDP_STATE_NONE);
	assert_int_equal(count_records(), 0);

	assert_int_equal(apply_two(drop_smtp, TIER_NONE, &err), 0);
	assert_int_equal(look("v0").xdp, XDP_STATE_NATIVE);
	assert_int_equal(look("v1").xdp, XDP_STATE_GENERIC);
	assert_int_equal(count_records(), 2);
}

static void
a_second_interface_that_is_gone_or_held_stops_the_first(void **state)
{
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	struct apply_result former = apply("v0", drop_telnet);

	assert_int_equal(apply_two(drop_smtp, TIER_NONE, &err), -ENODEV);
	assert_int_equal(look("v0").native_id, former.prog_id);

	make_veth("v1");
	int fd = netns_program("others", XDP_PASS);
	assert_int_equal(xdp_attach(look("v1").ifindex, XDP_MODE_NATIVE, fd, -1,
				    &err),
			 0);
	assert_int_equal(apply_two(drop_smtp, TIER_NONE, &err), -EBUSY);
	assert_int_equal(look("v0").native_id, former.prog_id);
	assert_int_equal(look("v1").native_id, netns_program_id(fd));
	close(fd);
}

static void an_interface_is_named_once(void **state)
{
	struct apply_result results[2];
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	struct policy_plan made = plan_for("v0", drop_telnet);
	const struct apply_request requests[2] = { { .plan = made.plan },
						   { .plan = made.plan } };

	assert_int_equal(apply_plans(requests, 2, results, &err), -EINVAL);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_int_equal(look("v0").xdp, XDP_STATE_NONE);
	plan_done(&made);
}

static void a_better_mode_is_reported_but_not_taken(void **state)
{
	struct apply_result result;
	struct err err;

	(void)state;
	netns_enter();
	if (!make_stubborn_veth("v0"))
		skip_because(NEEDS_ETHTOOL);
	uint32_t former = apply("v0", drop_telnet).prog_id;

	/* Now native is to be had: the peer is down to one queue. */
	assert_run("ethtool -L v0p tx 1");
	assert_true(apply_with("v0", drop_smtp, TIER_NATIVE, &result, &err) <
		    0);
	assert_int_equal(err.kind, ERR_LESS);
	assert_non_null(strstr(err.text, "wirewall remove v0"));
	assert_int_equal(look("v0").generic_id, former);

	result = apply("v0", drop_smtp);
	assert_int_equal(result.tier, TIER_GENERIC);
	assert_int_equal(find_step(&result, TIER_NATIVE)->reason,
			 REASON_OTHER_MODE);
	assert_int_not_equal(result.prog_id, former);
	assert_int_equal(look("v0").generic_id, result.prog_id);

	assert_int_equal(apply_remove("v0", &err), 0);
	assert_int_equal(apply("v0", drop_smtp).tier, TIER_NATIVE);
}

static void a_lower_mode_than_the_present_one_needs_remove_first(void **state)
{
	struct apply_result result;
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	uint32_t former = apply("v0", drop_telnet).prog_id;
	struct policy_plan made = plan_for("v0", drop_smtp);
	const struct apply_request request = { .plan = made.plan };

	made.plan->tiers[TIER_NATIVE].is_candidate = false;
	made.plan->tiers[TIER_NATIVE].reason = REASON_ABOVE_MAX;
	assert_true(apply_plans(&request, 1, &result, &err) < 0);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "wirewall remove v0"));
	assert_int_equal(look("v0").native_id, former);
	plan_done(&made);
}

static void a_plan_that_drops_nothing_detaches_the_former_program(void **state)
{
	(void)state;
	netns_enter();
	make_veth("v0");
	apply("v0", drop_telnet);
	struct apply_result result = apply("v0", drop_nothing);

	assert_int_equal(result.tier, TIER_NONE);
	assert_int_equal(result.prog_id, 0);
	assert_int_equal(find_step(&result, TIER_NATIVE)->reason,
			 REASON_NOTHING_TO_DROP);
	assert_int_equal(look("v0").xdp, XDP_STATE_NONE);
	assert_int_equal(count_records(), 0);
}

static void the_list_survives_the_loss_of_records(void **state)
{
	struct attachments *list = NULL;
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	make_veth("v1");
	uint32_t id = apply("v0", drop_telnet).prog_id;

	assert_int_equal(apply_list(NULL, &list, &err), 0);
	assert_int_equal(list->count, 1);
	assert_string_equal(list->items[0].link.name, "v0");
	assert_int_equal(list->items[0].tier, TIER_NATIVE);
	assert_int_equal(list->items[0].prog_id, id);
	assert_int_equal(list->items[0].meta.magic, WIRE_META_MAGIC);
	assert_string_equal(list->items[0].record, "{\"names\": 1}");
	attachments_free(list);

	assert_run("rm -r /run/wirewall");
	assert_int_equal(apply_list("v0", &list, &err), 0);
	assert_int_equal(list->count, 1);
	assert_null(list->items[0].record);
	attachments_free(list);
	assert_int_equal(apply_list("v1", &list, &err), 0);
	assert_int_equal(list->count, 0);
	attachments_free(list);
	assert_int_equal(apply_list("v9", &list, &err), -ENODEV);
}

static void a_record_that_cannot_be_kept_is_a_warning(void **state)
{
	struct apply_result result;
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	assert_run("touch /run/wirewall");
	assert_int_equal(apply_with("v0", drop_telnet, TIER_NONE, &result,
				    &err),
			 0);
	assert_int_equal(result.tier, TIER_NATIVE);
	assert_non_null(strstr(result.warning, "/run/wirewall"));
}

static void off_removes_ours_and_nothing_else(void **state)
{
	size_t removed = 0;
	struct err err;

	(void)state;
	netns_enter();
	make_veth("v0");
	make_veth("v1");
	if (!make_stubborn_veth("v2"))
		skip_because(NEEDS_ETHTOOL);
	int fd = netns_program("others", XDP_PASS);
	assert_int_equal(xdp_attach(look("v1").ifindex, XDP_MODE_NATIVE, fd, -1,
				    &err),
			 0);
	apply("v0", drop_telnet);
	apply("v2", drop_telnet);

	size_t fds = netns_count_fds();
	assert_int_equal(apply_off(&removed, &err), 0);
	assert_int_equal(netns_count_fds(), fds);
	assert_int_equal(removed, 2);
	assert_int_equal(look("v0").xdp, XDP_STATE_NONE);
	assert_int_equal(look("v1").native_id, netns_program_id(fd));
	assert_int_equal(look("v2").xdp, XDP_STATE_NONE);
	assert_int_equal(count_records(), 0);
	assert_int_equal(apply_off(&removed, &err), 0);
	assert_int_equal(removed, 0);
	assert_int_equal(apply_remove("v0", &err), -ENOENT);
	close(fd);
}

static void namespaces_do_not_disturb_each_other(void **state)
{
	struct attachments *list = NULL;
	size_t removed = 0;
	struct err err;
	int status;

	(void)state;
	netns_enter();
	make_veth("v0");
	uint32_t id = apply("v0", drop_telnet).prog_id;
	pid_t pid = fork();

	/* Another namespace, the same names and indices, the same /run. */
	if (pid == 0) {
		bool is_done = unshare(CLONE_NEWNET) == 0;

		make_veth("v0");
		apply("v0", drop_smtp);
		is_done &= count_records() == 2;
		is_done &= apply_off(&removed, &err) == 0 && removed == 1;
		_exit(!is_done);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(apply_list("v0", &list, &err), 0);
	assert_int_equal(list->items[0].prog_id, id);
	assert_non_null(list->items[0].record);
	attachments_free(list);
}

static void no_moment_is_without_a_policy_whenever_apply_dies(void **state)
{
	struct attachments *list = NULL;
	struct err err;
	int status;

	(void)state;
	netns_enter();
	make_veth("v0");
	apply("v0", drop_telnet);
	for (int round = 0; round < 20; round++) {
		pid_t pid = fork();

		if (pid == 0) {
			for (int i = 0;; i++)
				apply("v0", i % 2 ? drop_telnet : drop_smtp);
		}
		for (int i = 0; i < 50 + 7 * round; i++)
			assert_int_not_equal(look("v0").native_id, 0);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(apply_list("v0", &list, &err), 0);
		assert_int_equal(list->count, 1);
		assert_non_null(list->items[0].record);
		attachments_free(list);
	}
	apply("v0", drop_telnet);
	assert_int_equal(count_records(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_veth_gets_a_native_program_with_frags),
		cmocka_unit_test(the_same_plan_again_changes_nothing),
		cmocka_unit_test(the_same_plan_again_starts_what_was_stopped),
		cmocka_unit_test(a_new_policy_takes_the_place_of_the_old_one),
		cmocka_unit_test(
			a_refused_tier_is_a_step_with_the_drivers_words),
		cmocka_unit_test(a_driver_without_xdp_gets_generic),
		cmocka_unit_test(less_than_required_attaches_nothing),
		cmocka_unit_test(a_foreign_program_is_named_and_untouched),
		cmocka_unit_test(a_name_alone_does_not_make_a_program_ours),
		cmocka_unit_test(a_missing_interface_is_named),
		cmocka_unit_test(
			when_the_second_fails_the_first_gets_its_program_back),
		cmocka_unit_test(
			a_second_interface_that_is_gone_or_held_stops_the_first),
		cmocka_unit_test(an_interface_is_named_once),
		cmocka_unit_test(a_better_mode_is_reported_but_not_taken),
		cmocka_unit_test(
			a_lower_mode_than_the_present_one_needs_remove_first),
		cmocka_unit_test(
			a_plan_that_drops_nothing_detaches_the_former_program),
		cmocka_unit_test(the_list_survives_the_loss_of_records),
		cmocka_unit_test(a_record_that_cannot_be_kept_is_a_warning),
		cmocka_unit_test(off_removes_ours_and_nothing_else),
		cmocka_unit_test(namespaces_do_not_disturb_each_other),
		cmocka_unit_test(
			no_moment_is_without_a_policy_whenever_apply_dies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

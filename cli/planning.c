// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "cli/planning.h"

static int check_name(const char *iface, struct err *err)
{
	if (*iface && strlen(iface) < IFNAMSIZ)
		return 0;
	return err_set(err, ERR_USAGE, EINVAL,
		       "\"%s\" cannot be an interface's name: expected 1 to %d "
		       "characters",
		       iface, IFNAMSIZ - 1);
}

/* What a plan for one interface is made of. */
struct ground {
	struct caps *caps;
	struct wire_stamp stamp;
	struct host_facts facts;
	struct link upper;
	struct locals locals;
};

static void ground_cleanup(struct ground *ground)
{
	caps_free(ground->caps);
}

static int take_stamp(const struct planning *planning, const struct link *link,
		      struct wire_stamp *out, struct err *err)
{
	memset(out, 0, sizeof(*out));
	if (!planning->stamper)
		return 0;
	return stamper_take(planning->stamper, link->ifindex, out, err);
}

/* Returns 1 when the host has changed since it was looked at; 0; -errno. */
static int has_changed(const struct planning *planning, const struct plan *plan,
		       const struct link *link, struct err *err)
{
	const struct wire_settings *settings = &plan->program->settings;
	struct wire_stamp now;
	int result;

	if (!settings->checks)
		return 0;
	result = take_stamp(planning, link, &now, err);
	return result < 0 ? result : stamp_changes(settings, &now) != 0;
}

/*
 * -ENODEV: it is not on this machine. First the stamp, then the facts: what
 * changes behind the stamp is noticed.
 */
static int look_here(const struct planning *planning, const char *iface,
		     struct ground *ground, struct plan_input *from,
		     struct err *err)
{
	int result = survey_make(iface, planning->nicdb, &planning->kernel,
				 &ground->caps, err);

	if (result < 0)
		return result;
	result = take_stamp(planning, &ground->caps->nic.link, &ground->stamp,
			    err);
	if (result < 0)
		return result;
	result = link_find_upper(&ground->caps->nic.link, &ground->upper, err);
	if (result < 0)
		return result;
	facts_read(iface, &ground->facts);
	from->upper = result ? &ground->upper : NULL;
	from->facts = &ground->facts;
	from->stamp = planning->stamper ? &ground->stamp : NULL;
	locals_read(&ground->locals);
	from->locals = &ground->locals;
	from->kernel = &planning->kernel;
	return 0;
}

/* By what another machine told about it; of its host nothing is known. */
static int look_elsewhere(const struct planning *planning, const char *iface,
			  struct ground *ground, struct plan_input *from,
			  struct err *err)
{
	const struct probes *probes = planning->probes;
	const struct nic *nic = probe_find(probes, iface);

	if (!nic)
		return err_input(err,
				 "the file of --caps has no interface "
				 "\"%.128s\"",
				 iface);
	from->kernel = probes->has_kernel ? &probes->kernel : NULL;
	if (nic->upper_count) {
		memcpy(ground->upper.name, nic->uppers[0].name,
		       sizeof(ground->upper.name));
		memcpy(ground->upper.kind, nic->uppers[0].kind,
		       sizeof(ground->upper.kind));
		from->upper = &ground->upper;
	}
	return caps_make(nic, planning->nicdb, from->kernel, &ground->caps,
			 err);
}

/* Try what would gain more, for both families. */
static int advise_one(const struct plan_input *from, const struct plan *plan,
		      struct advice_list **out, struct err *err)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	OWN_MEM struct advice_list *list = calloc(1, sizeof(*list));

	if (!list)
		return err_no_memory(err);
	for (size_t f = 0; f < ARRAY_SIZE(families); f++) {
		struct measure measure;
		int result =
			measure_plan(plan, families[f], MEASURE_SEED, &measure);

		if (result == -ENOENT)
			continue;
		if (result)
			return err_no_memory(err);
		result = advise_plan(from, plan, &measure, families[f], list,
				     err);
		if (result)
			return result;
	}
	*out = take(list);
	return 0;
}

/* Returns 1, and no plan, when the machine has changed meanwhile; 0; -errno. */
static int plan_once(const struct options *options,
		     const struct planning *planning,
		     const struct plan_input *wanted, bool may_be_absent,
		     struct report_plan *out, struct err *err)
{
	__attribute__((cleanup(ground_cleanup))) struct ground ground = { 0 };
	OWN(plan) struct plan *plan = NULL;
	struct plan_input from = *wanted;
	int result;

	if (planning->probes)
		result = look_elsewhere(planning, from.iface, &ground, &from,
					err);
	else
		result = look_here(planning, from.iface, &ground, &from, err);
	out->is_absent =
		planning->probes || (result == -ENODEV && may_be_absent);
	if (result < 0 && !(result == -ENODEV && may_be_absent))
		return result;
	out->has_caps = ground.caps;
	if (ground.caps) {
		from.link = &ground.caps->nic.link;
		from.caps = ground.caps;
	}
	result = plan_make(&from, &plan, err);
	if (result == 0 && ground.caps)
		result = has_changed(planning, plan, from.link, err);
	if (result == 0 && options->advise)
		result = advise_one(&from, plan, &out->advice, err);
	if (result == 0 && options->asks_card)
		result = measure_cards_make(&from, plan, MEASURE_SEED,
					    &out->cards, err);
	if (result == 0)
		out->plan = take(plan);
	return result;
}

#define TRIES 5

static int plan_one(const struct options *options,
		    const struct planning *planning, const char *iface,
		    bool may_be_absent, struct report_plan *out,
		    struct err *err)
{
	const struct plan_input wanted = {
		.policy = { .ipv4 = planning->input.ipv4,
			    .ipv6 = planning->input.ipv6 },
		.iface = iface,
		.wishes = options->wishes,
	};
	int result = check_name(iface, err);

	if (result < 0)
		return result;
	result = 1;
	for (int i = 0; i < TRIES && result > 0; i++)
		result = plan_once(options, planning, &wanted, may_be_absent,
				   out, err);
	if (result > 0)
		return err_set(err, ERR_SYSTEM, EAGAIN,
			       "%s: its netfilter hooks or its name keep "
			       "changing while they are looked at; try again "
			       "when the host's firewall has settled",
			       iface);
	return result;
}

static int check_wishes(const struct wishes *wishes, struct err *err)
{
	if (wishes->require <= wishes->max)
		return 0;
	return err_set(err, ERR_USAGE, EINVAL,
		       "--require %s asks for more than --max %s allows",
		       tier_name(wishes->require), tier_name(wishes->max));
}

/* Who may not load programs still sees a plan, without what they could ask. */
static int open_stamper(struct planning *planning, bool only_looks,
			struct err *err)
{
	int result = 0;

	if (planning->kernel.has_device && !planning->probes)
		result = stamper_open(&planning->stamper, err);
	return result == -EPERM && only_looks ? 0 : result;
}

/* @planning has its rules. */
static int plan_all(const struct options *options, struct planning *planning,
		    char *const *ifaces, size_t count, bool may_be_absent,
		    struct err *err)
{
	int result = survey_load(&planning->nicdb, err);

	if (result == 0 && options->caps)
		result = survey_read(options->caps, &planning->probes, err);
	if (result < 0)
		return result;
	planning->plans = calloc(count + !count, sizeof(*planning->plans));
	if (!planning->plans)
		return err_no_memory(err);
	kernel_features_probe(&planning->kernel);
	result = open_stamper(planning, may_be_absent, err);
	if (result < 0)
		return result;
	for (; planning->count < count; planning->count++) {
		result = plan_one(options, planning, ifaces[planning->count],
				  may_be_absent,
				  &planning->plans[planning->count], err);
		if (result < 0)
			break;
	}
	return result;
}

int planning_make(const struct options *options, char *const *ifaces,
		  size_t count, bool may_be_absent, struct planning **out,
		  struct err *err)
{
	OWN(planning) struct planning *planning = calloc(1, sizeof(*planning));
	int result = check_wishes(&options->wishes, err);

	if (result < 0)
		return result;
	if (!planning)
		return err_no_memory(err);
	result = input_read(options, &planning->input, err);
	if (result == 0)
		result = plan_all(options, planning, ifaces, count,
				  may_be_absent, err);
	if (result == 0)
		*out = take(planning);
	return result;
}

int planning_make_empty(char *const *ifaces, size_t count,
			struct planning **out, struct err *err)
{
	OWN(planning) struct planning *planning = calloc(1, sizeof(*planning));
	const struct options options = options_default();

	if (!planning)
		return err_no_memory(err);
	int result = plan_all(&options, planning, ifaces, count, false, err);
	if (result == 0)
		*out = take(planning);
	return result;
}

void planning_free(struct planning *planning)
{
	if (!planning)
		return;
	for (size_t i = 0; i < planning->count; i++) {
		plan_free((struct plan *)planning->plans[i].plan);
		free(planning->plans[i].advice);
		measure_cards_free(planning->plans[i].cards);
	}
	free(planning->plans);
	probes_free(planning->probes);
	stamper_free(planning->stamper);
	nicdb_free(planning->nicdb);
	input_free(&planning->input);
	free(planning);
}

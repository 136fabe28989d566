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
	struct host_facts facts;
	struct link upper;
};

static void ground_cleanup(struct ground *ground)
{
	caps_free(ground->caps);
}

/* -ENODEV: it is not on this machine. */
static int look_here(const struct planning *planning, const char *iface,
		     struct ground *ground, struct plan_input *from,
		     struct err *err)
{
	int result = survey_make(iface, planning->nicdb, &planning->kernel,
				 &ground->caps, err);

	if (result < 0)
		return result;
	result = link_find_upper(&ground->caps->nic.link, &ground->upper, err);
	if (result < 0)
		return result;
	facts_read(iface, &ground->facts);
	from->upper = result ? &ground->upper : NULL;
	from->facts = &ground->facts;
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

static int plan_one(const struct options *options,
		    const struct planning *planning, const char *iface,
		    bool may_be_absent, struct report_plan *out,
		    struct err *err)
{
	__attribute__((cleanup(ground_cleanup))) struct ground ground = { 0 };
	struct plan_input from = {
		.policy = { .ipv4 = planning->input.ipv4,
			    .ipv6 = planning->input.ipv6 },
		.iface = iface,
		.wishes = options->wishes,
	};
	struct plan *plan = NULL;
	int result = check_name(iface, err);

	if (result < 0)
		return result;
	if (planning->probes)
		result = look_elsewhere(planning, iface, &ground, &from, err);
	else
		result = look_here(planning, iface, &ground, &from, err);
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
	out->plan = plan;
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
	for (size_t i = 0; i < planning->count; i++)
		plan_free((struct plan *)planning->plans[i].plan);
	free(planning->plans);
	probes_free(planning->probes);
	nicdb_free(planning->nicdb);
	input_free(&planning->input);
	free(planning);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "cli/command.h"
#include "cli/say.h"
#include "cli/survey.h"
#include "report/caps_more.h"

/* Interfaces in question, and what was found. */
struct study {
	struct nicdb *nicdb;
	struct kernel_features kernel;
	struct probes *probes; /* of another machine, NULL: of this one */
	struct nic **nics;     /* of this one */
	struct caps **caps;
	size_t count, room;
};

static void study_cleanup(struct study *study)
{
	for (size_t i = 0; i < study->count; i++) {
		caps_free(study->caps[i]);
		if (!study->probes)
			nic_free(study->nics[i]);
	}
	free(study->caps);
	free(study->nics);
	probes_free(study->probes);
	nicdb_free(study->nicdb);
}

static int make_room(struct study *study, size_t room, struct err *err)
{
	study->nics = calloc(room + 1, sizeof(*study->nics));
	study->caps = calloc(room + 1, sizeof(*study->caps));
	return study->nics && study->caps ? 0 : err_no_memory(err);
}

/* @nic is taken over, unless it is of another machine. */
static int add(struct study *study, struct nic *nic, struct err *err)
{
	bool is_known = !study->probes || study->probes->has_kernel;

	study->nics[study->count] = nic;
	return caps_make(nic, study->nicdb, is_known ? &study->kernel : NULL,
			 &study->caps[study->count++], err);
}

static int add_here(struct study *study, const char *iface, bool may_vanish,
		    struct err *err)
{
	struct nic *nic = NULL;
	int result = nic_read(iface, &nic, err);

	/* Nobody asked for this one by name. */
	if (result == -ENODEV && may_vanish)
		return 0;
	return result < 0 ? result : add(study, nic, err);
}

static int study_all(struct study *study, struct err *err)
{
	OWN_MEM struct link *links = NULL;
	size_t count = 0;
	int result = link_list(&links, &count, err);

	if (result == 0)
		result = make_room(study, count, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = add_here(study, links[i].name, true, err);
	return result;
}

static int study_here(const struct options *options, struct study *study,
		      struct err *err)
{
	kernel_features_probe(&study->kernel);
	if (!options->arg_count)
		return study_all(study, err);

	int result = make_room(study, options->arg_count, err);
	for (size_t i = 0; result == 0 && i < options->arg_count; i++)
		result = add_here(study, options->args[i], false, err);
	return result;
}

static int study_elsewhere(const struct options *options, struct study *study,
			   struct err *err)
{
	const struct probes *probes = study->probes;
	size_t count = options->arg_count ? options->arg_count : probes->count;
	int result = make_room(study, count, err);

	study->kernel = probes->kernel;
	for (size_t i = 0; result == 0 && i < count; i++) {
		struct nic *nic = options->arg_count
					  ? probe_find(probes, options->args[i])
					  : probes->nics[i];

		if (!nic)
			return err_input(err, "%s has no interface \"%.128s\"",
					 options->caps, options->args[i]);
		result = add(study, nic, err);
	}
	return result;
}

/* The gate: does every interface have the tier, as it is? */
static int check(const struct study *study, enum tier tier, struct err *err)
{
	OWN_BUF struct buf lacking = BUF_INIT;

	for (size_t i = 0; i < study->count; i++) {
		const struct caps *caps = study->caps[i];
		const struct caps_blocker *blocker = NULL;

		if (caps->tiers[tier].verdict == CAPS_YES)
			continue;
		for (size_t j = 0; !blocker && j < caps->blocker_count; j++) {
			if (caps->blockers[j].tiers & 1u << tier)
				blocker = &caps->blockers[j];
		}
		buf_addf(&lacking, "%s%s: %s", lacking.length ? "; " : "",
			 caps->nic.link.name,
			 caps_verdict_name(caps->tiers[tier].verdict));
		if (blocker)
			buf_addf(&lacking, ", %s: %s (%s)",
				 reason_name(blocker->reason),
				 reason_sentence(blocker->reason),
				 blocker->text);
		else
			buf_addf(&lacking, ", %s", caps->tiers[tier].text);
	}
	if (lacking.has_failed)
		return err_no_memory(err);
	if (!lacking.length)
		return 0;
	return err_set(err, ERR_LESS, EOPNOTSUPP, "not %s: %s", tier_name(tier),
		       buf_text(&lacking));
}

static int report(const struct options *options, const struct study *study,
		  struct err *err)
{
	const struct report_caps caps = {
		.items = (const struct caps *const *)study->caps,
		.nics = (const struct nic *const *)study->nics,
		.count = study->count,
		.kernel = study->probes && !study->probes->has_kernel
				  ? NULL
				  : &study->kernel,
	};
	struct report_style style = say_style();
	OWN_BUF struct buf buf = BUF_INIT;

	if (options->fix)
		caps_script(&buf, &caps);
	else if (options->markdown)
		caps_markdown(&buf, &caps);
	else
		say_format(options)->caps(&buf, &style, &caps);
	return say_report(&buf, err);
}

int cmd_caps(const struct options *options, struct err *err)
{
	__attribute__((cleanup(study_cleanup))) struct study study = { 0 };
	int result = 0;

	if (options->fix + options->markdown + options->json > 1)
		return err_set(err, ERR_USAGE, EINVAL,
			       "--json, --markdown and --fix exclude each "
			       "other");
	if (options->caps)
		result = survey_read(options->caps, &study.probes, err);
	if (result == 0)
		result = survey_load(&study.nicdb, err);
	if (result == 0)
		result = study.probes ? study_elsewhere(options, &study, err)
				      : study_here(options, &study, err);
	if (result == 0)
		result = report(options, &study, err);
	if (result == 0 && options->check != TIER_NONE)
		result = check(&study, options->check, err);
	return result;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "bpf/object.h"
#include "bpf/trial.h"
#include "cli/command.h"
#include "cli/say.h"
#include "net/link.h"

#define MTU_DEFAULT 1500

/* What a report points into. */
struct checking {
	struct object *object;
	struct card_limits card;
	enum safe_target target;
	unsigned int mtu;
	int ifindex; /* 0: no driver is asked */
	const char *iface;
	struct safe_verdict **verdicts;
	struct trial **trials;
	struct check_driver *drivers;
	struct report_check report;
};

static void checking_release(struct checking *checking)
{
	size_t count = checking->object ? checking->object->program_count : 0;

	for (size_t i = 0; i < count; i++) {
		if (checking->verdicts)
			safe_verdict_free(checking->verdicts[i]);
		if (checking->trials)
			trial_free(checking->trials[i]);
		if (checking->report.programs)
			free(checking->report.programs[i].findings);
	}
	free(checking->verdicts);
	free(checking->trials);
	free(checking->drivers);
	free(checking->report.programs);
	object_free(checking->object);
}
#define OWN_CHECKING __attribute__((cleanup(checking_release)))

static const char *const target_names[] = {
	[SAFE_NFP] = "nfp",
	[SAFE_NATIVE] = "native",
	[SAFE_GENERIC] = "generic",
};

static int set_up(const struct options *options, struct checking *checking,
		  struct err *err)
{
	struct link link;
	int result;

	checking->target = options->target;
	checking->mtu = MTU_DEFAULT;
	if (options->card && checking->target != SAFE_NFP)
		return err_set(err, ERR_USAGE, EINVAL,
			       "--card is for --target nfp");
	result = card_parse(options->card ? options->card : CARD_DEFAULT,
			    &checking->card, err);
	if (result || !options->dev)
		return result;
	if (checking->target != SAFE_NFP)
		return err_set(err, ERR_USAGE, EINVAL,
			       "--dev asks a card: it is for --target nfp");
	result = link_get(options->dev, &link, err);
	if (result)
		return result;
	checking->ifindex = link.ifindex;
	checking->iface = options->dev;
	checking->mtu = link.mtu;
	return 0;
}

static int make_room(struct checking *checking, struct err *err)
{
	size_t count = checking->object->program_count;

	checking->verdicts = calloc(count, sizeof(*checking->verdicts));
	checking->trials = calloc(count, sizeof(*checking->trials));
	checking->drivers = calloc(count, sizeof(*checking->drivers));
	checking->report.programs =
		calloc(count, sizeof(*checking->report.programs));
	checking->report.count = count;
	if (!checking->verdicts || !checking->trials || !checking->drivers ||
	    !checking->report.programs)
		return err_no_memory(err);
	return 0;
}

static void fill_finding(struct check_finding *finding,
			 const struct checking *checking,
			 const struct object_program *program,
			 const struct safe_violation *violation)
{
	enum safe_rule rule = violation->rule;
	struct object_line line;

	*finding = (struct check_finding){
		.rule = safe_rule_name(rule),
		.is_trap = safe_rule_severity(rule) == SAFE_TRAP,
		.says = safe_rule_says(rule),
		.instead = safe_rule_instead(rule),
		.source = safe_rule_source(rule),
		.detail = violation->detail,
		.has_insn = violation->insn != SAFE_NOWHERE,
		.insn = violation->insn,
	};
	if (violation->map != SAFE_NOWHERE)
		finding->map = checking->object->maps[violation->map].name;
	if (finding->has_insn && object_find_line(checking->object, program,
						  violation->insn, &line)) {
		finding->file = line.file;
		finding->text = line.text;
		finding->line = line.line;
	}
}

static int ask_driver(struct checking *checking, size_t index, const char *path,
		      struct err *err)
{
	struct check_driver *driver = &checking->drivers[index];
	struct check_program *program = &checking->report.programs[index];
	struct trial *trial;
	int result = trial_load(path, program->name, checking->ifindex,
				&checking->trials[index], err);

	if (result)
		return result;
	trial = checking->trials[index];
	*driver = (struct check_driver){
		.iface = checking->iface,
		.is_accepted = trial->stage == TRIAL_ACCEPTED,
		.stage = trial_stage_name(trial->stage),
		.words = trial->words,
		.insns = trial->insns,
		.card_insns = trial->native_insns,
	};
	program->driver = driver;
	return 0;
}

static int check_program(struct checking *checking, size_t index,
			 const char *path, struct err *err)
{
	const struct object_program *program =
		&checking->object->programs[index];
	struct check_program *report = &checking->report.programs[index];
	const struct safe_verdict *verdict;
	int result =
		safe_judge(&program->safe, checking->target, &checking->card,
			   checking->mtu, &checking->verdicts[index], err);

	if (result) {
		err_where(err, "%s: %s", path, program->name);
		return result;
	}
	verdict = checking->verdicts[index];
	*report = (struct check_program){
		.name = program->name,
		.section = program->section,
		.is_refused = safe_is_refused(verdict),
		.findings =
			calloc(verdict->count + 1, sizeof(*report->findings)),
		.count = verdict->count,
		.insns = program->safe.insn_count,
		.card_insns = verdict->card_insns,
		.stack = verdict->stack,
		.packet = verdict->packet,
	};
	if (!report->findings)
		return err_no_memory(err);
	for (size_t i = 0; i < verdict->count; i++)
		fill_finding(&report->findings[i], checking, program,
			     &verdict->violations[i]);
	return checking->ifindex ? ask_driver(checking, index, path, err) : 0;
}

/* 4 when one would not be taken. */
static int judge_all(const struct report_check *report, struct err *err)
{
	size_t refused = 0;

	for (size_t i = 0; i < report->count; i++) {
		const struct check_program *program = &report->programs[i];

		refused += program->is_refused ||
			   (program->driver && !program->driver->is_accepted);
	}
	if (!refused)
		return 0;
	return err_set(err, ERR_LESS, EOPNOTSUPP,
		       "%s: %zu of %zu programs would be refused (%s)",
		       report->path, refused, report->count, report->target);
}

int cmd_check(const struct options *options, struct err *err)
{
	OWN_CHECKING struct checking checking = { 0 };
	struct report_style style = say_style();
	OWN_BUF struct buf buf = BUF_INIT;
	const char *path = options->args[0];
	int result = set_up(options, &checking, err);

	if (!result)
		result = object_read(path, &checking.object, err);
	if (!result)
		result = make_room(&checking, err);
	if (result)
		return result;
	checking.report.path = path;
	checking.report.target = target_names[checking.target];
	checking.report.card =
		checking.target == SAFE_NFP ? checking.card.name : NULL;
	for (size_t i = 0; i < checking.object->program_count; i++) {
		result = check_program(&checking, i, path, err);
		if (result)
			return result;
	}
	say_format(options)->check(&buf, &style, &checking.report);
	result = say_report(&buf, err);
	return result ? result : judge_all(&checking.report, err);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "report/json.h"

static json_t *finding_make(struct jsonio *io,
			    const struct check_finding *finding)
{
	json_t *object = jsonio_object(io);

	jsonio_put_text(io, object, "rule", finding->rule);
	jsonio_put_text(io, object, "severity",
			finding->is_trap ? "trap" : "refused");
	jsonio_put_text(io, object, "sentence", finding->says);
	jsonio_put_text(io, object, "remedy", finding->instead);
	jsonio_put_text(io, object, "source", finding->source);
	jsonio_put_text(io, object, "text", finding->detail);
	if (finding->has_insn)
		jsonio_put_number(io, object, "instruction", finding->insn);
	jsonio_put_text(io, object, "map", finding->map);
	if (finding->file) {
		jsonio_put_text(io, object, "file", finding->file);
		jsonio_put_number(io, object, "line", finding->line);
		jsonio_put_text(io, object, "code", finding->text);
	}
	return object;
}

static json_t *driver_make(struct jsonio *io, const struct check_driver *driver)
{
	json_t *object = jsonio_object(io);

	jsonio_put_text(io, object, "interface", driver->iface);
	jsonio_put_bool(io, object, "accepted", driver->is_accepted);
	jsonio_put_text(io, object, "stage", driver->stage);
	jsonio_put_text(io, object, "text", driver->words);
	if (driver->is_accepted)
		jsonio_put_number(io, object, "card_instructions",
				  driver->card_insns);
	return object;
}

static json_t *checked_make(struct jsonio *io,
			    const struct check_program *program)
{
	json_t *object = jsonio_object(io), *findings = jsonio_array(io);

	for (size_t i = 0; i < program->count; i++)
		jsonio_append(io, findings,
			      finding_make(io, &program->findings[i]));
	jsonio_put_text(io, object, "program", program->name);
	jsonio_put_text(io, object, "section", program->section);
	jsonio_put_bool(io, object, "refused", program->is_refused);
	jsonio_put_number(io, object, "instructions", program->insns);
	if (program->card_insns) {
		jsonio_put_number(io, object, "card_instructions_estimate",
				  program->card_insns);
		jsonio_put_number(io, object, "stack", program->stack);
	}
	jsonio_put_number(io, object, "packet_offset", program->packet);
	jsonio_put(io, object, "findings", findings);
	if (program->driver)
		jsonio_put(io, object, "driver",
			   driver_make(io, program->driver));
	return object;
}

json_t *json_check(struct jsonio *io, const struct report_check *check)
{
	json_t *root = jsonio_document(io, "check");
	json_t *programs = jsonio_array(io);

	for (size_t i = 0; i < check->count; i++)
		jsonio_append(io, programs,
			      checked_make(io, &check->programs[i]));
	jsonio_put_text(io, root, "object", check->path);
	jsonio_put_text(io, root, "target", check->target);
	jsonio_put_text(io, root, "card", check->card);
	jsonio_put(io, root, "programs", programs);
	return root;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Object files that anybody wrote: what can be read can be judged, for every
 * target, and each violation has a line or none.
 */
#include <assert.h>
#include <stdint.h>

#include "bpf/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct object *object, size_t index,
		  enum safe_target target)
{
	const struct object_program *program = &object->programs[index];
	OWN(safe_verdict) struct safe_verdict *verdict = NULL;
	struct object_line line;
	struct err err;

	if (safe_judge(&program->safe, target, card_find(CARD_DEFAULT), 1500,
		       &verdict, &err))
		return;
	for (size_t i = 0; i < verdict->count; i++) {
		const struct safe_violation *violation =
			&verdict->violations[i];

		assert(violation->map == SAFE_NOWHERE ||
		       violation->map < object->map_count);
		if (violation->insn == SAFE_NOWHERE)
			continue;
		assert(violation->insn < program->safe.insn_count);
		object_find_line(object, program, violation->insn, &line);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OWN(object) struct object *object = NULL;
	struct err err;

	if (object_parse(data, size, "fuzz", &object, &err))
		return 0;
	for (size_t i = 0; i < object->program_count; i++) {
		judge(object, i, SAFE_NFP);
		judge(object, i, SAFE_NATIVE);
		judge(object, i, SAFE_GENERIC);
	}
	return 0;
}

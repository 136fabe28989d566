// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/code.h"
#include "bpf/outcomes.h"
#include "bpf/program.h"

void program_free(struct program *program)
{
	if (!program)
		return;
	arena_free(program->arena);
	free(program);
}

/*
 * One list after the other, each skipped by packets of another class: the
 * target's limits keep a list within the reach of a jump.
 */
static int emit_lists(struct code *code,
		      const struct flat *const flats[WIRE_CLASS_COUNT],
		      uint32_t *const outcomes[WIRE_CLASS_COUNT],
		      const struct target *target, struct program *program)
{
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		uint32_t next = code_label(code);

		program->kept[class] = 0;
		if (!flats[class])
			continue;
		code_load(code, BPF_B, BPF_REG_2, BPF_REG_1,
			  offsetof(struct wire_header, class));
		code_branch(code, CODE_64, BPF_JNE, BPF_REG_2, class, next);

		int result = program->classifier->emit(code, flats[class],
						       outcomes[class], target,
						       &program->kept[class]);
		if (result)
			return result;
		code_place(code, next);
	}
	code_move(code, BPF_REG_0, 0);
	code_exit(code);
	code_finish(code);
	return code_has_failed(code) ? -ENOMEM : 0;
}

/* Outcomes of the regions within @limits, and the code that finds them. */
static int build(struct code *code,
		 const struct flat *const flats[WIRE_CLASS_COUNT],
		 const size_t limits[WIRE_CLASS_COUNT],
		 const struct target *target, struct program *program)
{
	uint32_t *outcomes[WIRE_CLASS_COUNT] = { NULL };
	int result = outcomes_make(flats, limits, program, outcomes);

	return result ? result
		      : emit_lists(code, flats, outcomes, target, program);
}

/*
 * What does not fit is cut; then once more, so that no counter belongs to a
 * rule that can never be counted.
 */
static int build_to_fit(const struct flat *const flats[WIRE_CLASS_COUNT],
			const struct target *target, struct program *program)
{
	OWN_CODE struct code code = CODE_INIT;
	size_t limits[WIRE_CLASS_COUNT] = { 0 }, kept[WIRE_CLASS_COUNT];

	for (int class = 0; class < WIRE_CLASS_COUNT; class ++)
		limits[class] = flats[class] ? flats[class]->region_count : 0;

	int result = build(&code, flats, limits, target, program);
	if (result)
		return result;
	if (memcmp(program->kept, limits, sizeof(limits)) != 0) {
		memcpy(kept, program->kept, sizeof(kept));
		code_free(&code);
		result = build(&code, flats, kept, target, program);
		if (result)
			return result;
		memcpy(program->kept, kept, sizeof(kept));
	}
	program->insns = arena_copy(program->arena, code.insns,
				    code.count * sizeof(*code.insns));
	program->insn_count = code.count;
	return program->insns ? 0 : -ENOMEM;
}

int program_make(const struct flat *const flats[WIRE_CLASS_COUNT],
		 const struct wire_settings *settings,
		 const struct target *target, struct program **out,
		 struct err *err)
{
	OWN(program) struct program *program = calloc(1, sizeof(*program));
	const struct flat *used[WIRE_CLASS_COUNT];

	memcpy(used, flats, sizeof(used));
	if (settings->strict_fragments)
		used[WIRE_FRAGMENT] = NULL;
	if (program)
		program->arena = arena_make();
	if (!program || !program->arena)
		return err_no_memory(err);
	program->settings = *settings;
	program->classifier = &classifier_linear;
	if (build_to_fit(used, target, program))
		return err_no_memory(err);
	*out = take(program);
	return 0;
}

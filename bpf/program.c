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
	tables_free(&program->tables);
	arena_free(program->arena);
	free(program);
}

/*
 * One list after the other, each skipped by packets of another class: the
 * target's limits keep a list within the reach of a jump.
 */
static int emit_lists(struct emitter *emitter,
		      const struct flat *const flats[WIRE_CLASS_COUNT],
		      uint32_t *const outcomes[WIRE_CLASS_COUNT],
		      const struct classifier *forced, struct program *program)
{
	OWN(arena) struct arena *scratch = arena_make();
	const struct target *target = emitter->target;
	struct code *code = &emitter->code;

	if (!scratch)
		return -ENOMEM;
	if (target->min_stack)
		code_store(code, BPF_DW, BPF_REG_10, BPF_REG_1,
			   (int16_t)-target->min_stack);
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		uint32_t next = code_label(code);
		struct boxes boxes;
		int result;

		program->kept[class] = 0;
		if (!flats[class])
			continue;
		result = boxes_make(scratch, flats[class], outcomes[class],
				    &boxes);
		if (result)
			return result;
		code_load(code, BPF_B, BPF_REG_2, BPF_REG_1,
			  offsetof(struct wire_header, class));
		code_branch(code, CODE_64, BPF_JNE, BPF_REG_2, class, next);

		result = classifier_write(emitter, &boxes, forced,
					  &program->kept[class],
					  &program->lists[class]);
		if (result)
			return result;
		code_place(code, next);
	}
	code_move(code, BPF_REG_0, 0);
	code_exit(code);
	code_finish(code);
	return code_has_failed(code) || emitter->tables.has_failed ? -ENOMEM
								   : 0;
}

/* Outcomes of the regions within @limits, and the code that finds them. */
static int build(struct emitter *emitter,
		 const struct flat *const flats[WIRE_CLASS_COUNT],
		 const size_t limits[WIRE_CLASS_COUNT],
		 const struct classifier *forced, struct program *program)
{
	uint32_t *outcomes[WIRE_CLASS_COUNT] = { NULL };
	int result = outcomes_make(flats, limits, program, outcomes);

	if (!result)
		result = emit_lists(emitter, flats, outcomes, forced, program);
	/* Behind the limit nothing was to be kept. */
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		if (program->kept[class] > limits[class])
			program->kept[class] = limits[class];
	}
	return result;
}

#define OWN_EMITTER __attribute__((cleanup(emitter_clear)))
static void emitter_clear(struct emitter *emitter)
{
	code_free(&emitter->code);
	tables_free(&emitter->tables);
}

/*
 * What does not fit is cut; then once more, so that no counter belongs to a
 * rule that can never be counted.
 */
static int build_to_fit(const struct flat *const flats[WIRE_CLASS_COUNT],
			const struct classifier *forced,
			const struct program_part *part,
			struct program *program)
{
	OWN_EMITTER struct emitter emitter = {
		.arena = program->arena,
		.target = program->target,
	};
	size_t limits[WIRE_CLASS_COUNT] = { 0 }, kept[WIRE_CLASS_COUNT];

	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		limits[class] = flats[class] ? flats[class]->region_count : 0;
		if (part && part->limits[class] < limits[class])
			limits[class] = part->limits[class];
	}

	int result = build(&emitter, flats, limits, forced, program);
	if (result)
		return result;
	if (memcmp(program->kept, limits, sizeof(limits)) != 0) {
		memcpy(kept, program->kept, sizeof(kept));
		emitter_clear(&emitter);
		result = build(&emitter, flats, kept, forced, program);
		if (result)
			return result;
		memcpy(program->kept, kept, sizeof(kept));
	}
	program->insns =
		arena_copy(program->arena, emitter.code.insns,
			   emitter.code.count * sizeof(*emitter.code.insns));
	program->insn_count = emitter.code.count;
	program->tables = emitter.tables;
	emitter.tables = TABLES_INIT;
	return program->insns ? 0 : -ENOMEM;
}

/* Only rules that ask for an option of TCP have the program walk them. */
static bool asks_mss(const struct flat *const flats[WIRE_CLASS_COUNT])
{
	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		const struct flat *flat = flats[class];

		for (size_t i = 0; flat && i < flat->region_count; i++) {
			if (flat->regions[i].cond.fields[FIELD_MSS])
				return true;
		}
	}
	return false;
}

static int make(const struct flat *const flats[WIRE_CLASS_COUNT],
		const struct wire_settings *settings,
		const struct target *target,
		const struct classifier *classifier,
		const struct program_part *part, struct program **out,
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
	program->settings.reads_mss = asks_mss(used);
	program->target = target;
	program->numbering = part ? part->numbering : NULL;
	if (build_to_fit(used, classifier, part, program))
		return err_no_memory(err);
	program->numbering = NULL;
	*out = take(program);
	return 0;
}

int program_make(const struct flat *const flats[WIRE_CLASS_COUNT],
		 const struct wire_settings *settings,
		 const struct target *target, struct program **out,
		 struct err *err)
{
	return make(flats, settings, target, NULL, NULL, out, err);
}

int program_make_by(const struct flat *const flats[WIRE_CLASS_COUNT],
		    const struct wire_settings *settings,
		    const struct target *target,
		    const struct classifier *classifier, struct program **out,
		    struct err *err)
{
	return make(flats, settings, target, classifier, NULL, out, err);
}

int program_make_part(const struct flat *const flats[WIRE_CLASS_COUNT],
		      const struct wire_settings *settings,
		      const struct target *target,
		      const struct program_part *part, struct program **out,
		      struct err *err)
{
	return make(flats, settings, target, NULL, part, out, err);
}

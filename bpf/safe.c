// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "bpf/safe_walk.h"

#define SEVERITY_REFUSED SAFE_REFUSED
#define SEVERITY_TRAP	 SAFE_TRAP

static const struct {
	const char *name;
	enum safe_severity severity;
	const char *says, *instead, *source;
} rules[] = {
#define RULE(id, name, severity, says, instead, source)                        \
	[SAFE_##id] = { name, SEVERITY_##severity, says, instead, source },
#include "bpf/safe.def"
#undef RULE
};
static_assert(ARRAY_SIZE(rules) == SAFE_RULES, "one row for each rule");

const char *safe_rule_name(enum safe_rule rule)
{
	return rules[rule].name;
}

const char *safe_rule_says(enum safe_rule rule)
{
	return rules[rule].says;
}

const char *safe_rule_instead(enum safe_rule rule)
{
	return rules[rule].instead;
}

const char *safe_rule_source(enum safe_rule rule)
{
	return rules[rule].source;
}

enum safe_severity safe_rule_severity(enum safe_rule rule)
{
	return rules[rule].severity;
}

bool safe_is_refused(const struct safe_verdict *verdict)
{
	for (size_t i = 0; i < verdict->count; i++)
		if (safe_rule_severity(verdict->violations[i].rule) ==
		    SAFE_REFUSED)
			return true;
	return false;
}

void safe_verdict_free(struct safe_verdict *verdict)
{
	if (!verdict)
		return;
	free(verdict->violations);
	free(verdict);
}

static bool is_jump(const struct bpf_insn *insn)
{
	uint8_t class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);

	return (class == BPF_JMP || class == BPF_JMP32) && op != BPF_CALL &&
	       op != BPF_EXIT;
}

static bool is_function_start(const struct safe_program *program, size_t at)
{
	for (size_t i = 0; i < program->function_count; i++)
		if (program->functions[i].start == at)
			return true;
	return false;
}

/* 64 bits, and what they refer to. */
static int check_wide(const struct safe_program *program, size_t at,
		      struct err *err)
{
	const struct bpf_insn *insn = &program->insns[at];
	bool is_map = insn->src_reg == BPF_PSEUDO_MAP_IDX ||
		      insn->src_reg == BPF_PSEUDO_MAP_IDX_VALUE;

	if (insn->code != (BPF_LD | BPF_IMM | BPF_DW))
		return 0;
	if (at + 1 >= program->insn_count || insn[1].code)
		return err_input(err,
				 "instruction %zu is half of one of 64 bits",
				 at);
	if (is_map &&
	    (insn->imm < 0 || (size_t)insn->imm >= program->map_count))
		return err_input(err,
				 "instruction %zu refers to a map that is "
				 "not there",
				 at);
	return 0;
}

static int check_insn(const struct safe_program *program, size_t at,
		      struct err *err)
{
	const struct bpf_insn *insn = &program->insns[at];

	if (insn->dst_reg >= STATE_REGS || insn->src_reg >= STATE_REGS)
		return err_input(err, "instruction %zu has no such register",
				 at);
	if (is_jump(insn) && at + 1 + insn->off >= program->insn_count)
		return err_input(err,
				 "instruction %zu jumps out of the program",
				 at);
	if (insn->code == (BPF_JMP | BPF_CALL) &&
	    insn->src_reg == BPF_PSEUDO_CALL &&
	    !is_function_start(program, at + 1 + insn->imm))
		return err_input(err, "instruction %zu calls no function", at);
	return check_wide(program, at, err);
}

static int check_program(const struct safe_program *program, struct err *err)
{
	int result = 0;

	if (!program->insn_count || !program->function_count ||
	    program->functions[0].start)
		return err_input(err, "there are no instructions");
	for (size_t i = 0; i < program->insn_count && !result; i++) {
		result = check_insn(program, i, err);
		if (program->insns[i].code == (BPF_LD | BPF_IMM | BPF_DW))
			i++;
	}
	return result;
}

static void judge_packet(struct walk *walk, unsigned int mtu)
{
	unsigned int reach = walk->card->inl_mtu * 64 - 32;
	unsigned int deep = walk->verdict->packet;

	if ((deep < mtu ? deep : mtu) > reach)
		walk_violation(walk, SAFE_PACKET_OFFSET, SAFE_NOWHERE,
			       SAFE_NOWHERE,
			       "byte %u, MTU %u, the card reaches %u", deep,
			       mtu, reach);
}

static int compare(const void *a, const void *b)
{
	const struct safe_violation *x = a, *y = b;

	if (x->insn != y->insn)
		return x->insn < y->insn ? -1 : 1;
	if (x->map != y->map)
		return x->map < y->map ? -1 : 1;
	return (x->rule > y->rule) - (x->rule < y->rule);
}

static int judge(struct walk *walk, unsigned int mtu, struct err *err)
{
	struct safe_verdict *verdict = walk->verdict;
	int result;

	if (walk_is_card(walk)) {
		maps_judge(walk);
		if (walk->program->flags)
			walk_violation(walk, SAFE_PROGRAM_FLAGS, SAFE_NOWHERE,
				       SAFE_NOWHERE, "flags 0x%x",
				       walk->program->flags);
	}
	result = walk_program(walk, err);
	if (result)
		return result;
	if (walk_is_card(walk)) {
		stack_judge(walk);
		length_judge(walk);
		judge_packet(walk, mtu);
	}
	if (verdict->count)
		qsort(verdict->violations, verdict->count,
		      sizeof(*verdict->violations), compare);
	return walk->has_failed ? err_no_memory(err) : 0;
}

int safe_judge(const struct safe_program *program, enum safe_target target,
	       const struct card_limits *card, unsigned int mtu,
	       struct safe_verdict **out, struct err *err)
{
	OWN(safe_verdict)
	struct safe_verdict *verdict = calloc(1, sizeof(*verdict));
	struct walk walk = {
		.program = program,
		.target = target,
		.card = card,
		.verdict = verdict,
	};
	int result;

	if (!verdict)
		return err_no_memory(err);
	result = check_program(program, err);
	if (result)
		return result;
	result = judge(&walk, mtu, err);
	walk_release(&walk);
	if (!result)
		*out = take(verdict);
	return result;
}

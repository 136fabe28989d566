// SPDX-License-Identifier: GPL-2.0-only
/*
 * libbpf calls a section's handler when subprograms are appended and
 * relocations done, right before the load: what is changed there is what the
 * kernel sees (libbpf 1.1, bpf_object_load_prog()).
 */
#include <assert.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "bpf/splice.h"

/* Where the subprogram that is called first begins; 0: there is none. */
static size_t callee_start(const struct bpf_insn *insns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (insns[i].code == (BPF_JMP | BPF_CALL) &&
		    insns[i].src_reg == BPF_PSEUDO_CALL)
			return i + 1 + insns[i].imm;
	}
	return 0;
}

/*
 * Types of functions go by their start: the one that is replaced keeps it, and
 * it has none behind it.
 */
static bool is_last(const struct bpf_prog_load_opts *opts, size_t start)
{
	const char *info = opts->func_info;

	if (!opts->func_info_cnt)
		return true;
	info += (size_t)(opts->func_info_cnt - 1) * opts->func_info_rec_size;
	return ((const struct bpf_func_info *)info)->insn_off == start;
}

/* Source lines inside the old body would point nowhere. */
static void cut_lines(struct bpf_prog_load_opts *opts, size_t start)
{
	const char *lines = opts->line_info;
	__u32 count = 0;

	while (count < opts->line_info_cnt) {
		const struct bpf_line_info *line =
			(const void *)(lines +
				       (size_t)count *
					       opts->line_info_rec_size);

		if (line->insn_off > start)
			break;
		count++;
	}
	opts->line_info_cnt = count;
}

/* A value of the plan that the code of a card has as a constant. */
static uint64_t constant_of(const struct wire_settings *settings,
			    enum wire_constant constant)
{
	uint32_t head;
	uint16_t tail;

	switch (constant) {
	case WIRE_CONSTANT_MAC_HEAD:
		memcpy(&head, settings->mac, sizeof(head));
		return head;
	case WIRE_CONSTANT_MAC_TAIL:
		memcpy(&tail, settings->mac + sizeof(head), sizeof(tail));
		return tail;
	case WIRE_CONSTANT_MAY_EXPECT:
		return settings->may_expect;
	case WIRE_CONSTANT_SYN_STATES:
		if (!settings->syn_is_new)
			return WIRE_STATES_ALL;
		return WIRE_ALWAYS | WIRE_NEW |
		       (settings->may_expect ? WIRE_RELATED : 0);
	case WIRE_CONSTANT_COUNT:
		break;
	}
	return 0;
}

/* Replace the marked numbers (bpf/wire.h) by their values. */
static void put_constants(struct bpf_insn *insns, size_t count,
			  const struct wire_settings *settings)
{
	for (size_t i = 0; i + 1 < count; i++) {
		if (insns[i].code != (BPF_LD | BPF_IMM | BPF_DW))
			continue;
		if (insns[i].src_reg == 0 &&
		    insns[i + 1].imm == (int32_t)(WIRE_CONSTANT_MARK >> 32)) {
			uint64_t value = constant_of(settings, insns[i].imm);

			insns[i].imm = (int32_t)value;
			insns[i + 1].imm = (int32_t)(value >> 32);
		}
		i++;
	}
}

/*
 * On a card that has nothing to choose from nobody draws: its firmware may have
 * no random numbers. As if 0 were drawn, which lets the packet go up.
 */
static void drop_draws(struct bpf_insn *insns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (insns[i].code == (BPF_JMP | BPF_CALL) &&
		    insns[i].src_reg == 0 &&
		    insns[i].imm == BPF_FUNC_get_prandom_u32)
			insns[i] = (struct bpf_insn){
				.code = BPF_ALU64 | BPF_MOV | BPF_K,
				.dst_reg = BPF_REG_0,
			};
	}
}

/* Is the header, which the call is given in r1, within the depth that we asked
 * of the stack of classify()? */
static bool is_near(const struct bpf_insn *insns, size_t count, int16_t depth)
{
	for (size_t i = 1; i < count; i++) {
		if (insns[i].code == (BPF_JMP | BPF_CALL) &&
		    insns[i].src_reg == BPF_PSEUDO_CALL)
			return !depth || -insns[i - 1].imm <= depth;
	}
	return true;
}

/* What is being put in, NULL: nothing. libbpf has one handler for all loads. */
static const struct program *program;
static const struct maps *maps;

static int replace_body(struct bpf_program *prog,
			struct bpf_prog_load_opts *opts, long cookie)
{
	const struct bpf_insn *frame = bpf_program__insns(prog);
	size_t start = callee_start(frame, bpf_program__insn_cnt(prog));

	(void)cookie;
	assert(program && start != 0 && is_last(opts, start));
	assert(is_near(frame, start, program->target->min_stack));

	size_t count = start + program->insn_count;
	OWN_MEM struct bpf_insn *insns = calloc(count, sizeof(*insns));

	if (!insns)
		return -ENOMEM;
	memcpy(insns, frame, start * sizeof(*insns));
	put_constants(insns, start, &program->settings);
	if (program->target == &target_card && !program->settings.log_rate)
		drop_draws(insns, start);
	memcpy(insns + start, program->insns,
	       program->insn_count * sizeof(*insns));
	maps_resolve(maps, &program->tables, insns + start,
		     program->insn_count);
	cut_lines(opts, start);
	return bpf_program__set_insns(prog, insns, count);
}

/*
 * Once, and for good: libbpf 1.1 frees its list of handlers twice when the last
 * one is taken away and another one added.
 */
static int add_handler(void)
{
	static bool is_added;
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts,
		    .prog_prepare_load_fn = replace_body);

	if (is_added)
		return 0;

	int result =
		libbpf_register_prog_handler(SPLICE_SECTION, BPF_PROG_TYPE_XDP,
					     BPF_XDP, &opts);
	is_added = result > 0;
	return result < 0 ? result : 0;
}

int splice_begin(const struct program *put_in, const struct maps *its_maps)
{
	assert(!program);
	program = put_in;
	maps = its_maps;
	return add_handler();
}

void splice_end(void)
{
	program = NULL;
	maps = NULL;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * libbpf calls a section's handler when subprograms are appended and
 * relocations done, right before the load: what is changed there is what the
 * kernel sees (libbpf 1.1, bpf_object_load_prog()).
 */
#include <assert.h>
#include <bpf/bpf.h>
#include <errno.h>
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

static int replace_body(struct bpf_program *prog,
			struct bpf_prog_load_opts *opts, long cookie)
{
	const struct program *program =
		((const struct splice *)cookie)->program;
	const struct bpf_insn *frame = bpf_program__insns(prog);
	size_t start = callee_start(frame, bpf_program__insn_cnt(prog));
	size_t count = start + program->insn_count;
	OWN_MEM struct bpf_insn *insns = calloc(count, sizeof(*insns));

	if (!insns)
		return -ENOMEM;
	assert(start != 0 && is_last(opts, start));
	memcpy(insns, frame, start * sizeof(*insns));
	memcpy(insns + start, program->insns,
	       program->insn_count * sizeof(*insns));
	cut_lines(opts, start);
	return bpf_program__set_insns(prog, insns, count);
}

int splice_begin(struct splice *splice, const struct program *program)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .cookie = (long)splice,
		    .prog_prepare_load_fn = replace_body);

	splice->program = program;
	splice->handler = libbpf_register_prog_handler("xdp", BPF_PROG_TYPE_XDP,
						       BPF_XDP, &opts);
	return splice->handler < 0 ? splice->handler : 0;
}

void splice_end(struct splice *splice)
{
	if (splice->handler > 0)
		libbpf_unregister_prog_handler(splice->handler);
}

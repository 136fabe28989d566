// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/safe_loaded.h"

void safe_loaded_free(struct safe_loaded *loaded)
{
	if (!loaded)
		return;
	free(loaded->insns);
	free(loaded->functions);
	free(loaded->maps);
	free(loaded->fds);
	free(loaded);
}

static int map_read(int fd, struct safe_map *out, struct err *err)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return err_system(err, errno, "a map of the program");
	*out = (struct safe_map){
		.name = "map",
		.type = info.type,
		.key_size = info.key_size,
		.value_size = info.value_size,
		.max_entries = info.max_entries,
		.flags = info.map_flags,
	};
	return 0;
}

/* The number of the map behind @fd, or -errno. */
static int map_find(struct safe_loaded *loaded, int fd, struct err *err)
{
	size_t count = loaded->program.map_count;
	int result;

	for (size_t i = 0; i < count; i++)
		if (loaded->fds[i] == fd)
			return i;
	result = map_read(fd, &loaded->maps[count], err);
	if (result)
		return result;
	loaded->fds[count] = fd;
	loaded->program.map_count++;
	return count;
}

static int maps_find(struct safe_loaded *loaded, size_t insn_count,
		     struct err *err)
{
	for (size_t i = 0; i < insn_count; i++) {
		struct bpf_insn *insn = &loaded->insns[i];
		int index;

		if (insn->code != (BPF_LD | BPF_IMM | BPF_DW))
			continue;
		i++;
		if (insn->src_reg != BPF_PSEUDO_MAP_FD)
			continue;
		index = map_find(loaded, insn->imm, err);
		if (index < 0)
			return index;
		insn->src_reg = BPF_PSEUDO_MAP_IDX;
		insn->imm = index;
	}
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct safe_function *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* The main function and what is called; none has a global name. */
static void functions_find(struct safe_loaded *loaded, size_t insn_count)
{
	struct safe_function *functions = loaded->functions;
	size_t count = 1;

	functions[0] = (struct safe_function){ .args = { SAFE_ARG_CONTEXT } };
	for (size_t i = 0; i < insn_count; i++) {
		const struct bpf_insn *insn = &loaded->insns[i];
		size_t start = i + 1 + insn->imm, known = 0;

		if (insn->code != (BPF_JMP | BPF_CALL) ||
		    insn->src_reg != BPF_PSEUDO_CALL)
			continue;
		while (known < count && functions[known].start != start)
			known++;
		if (known == count)
			functions[count++] =
				(struct safe_function){ .start = start };
	}
	qsort(functions, count, sizeof(*functions), by_start);
	loaded->program.function_count = count;
}

int safe_loaded_make(const struct bpf_insn *insns, size_t count,
		     struct safe_loaded **out, struct err *err)
{
	OWN(safe_loaded)
	struct safe_loaded *loaded = calloc(1, sizeof(*loaded));
	int result;

	if (!loaded)
		return err_no_memory(err);
	loaded->insns = calloc(count + 1, sizeof(*insns));
	loaded->functions = calloc(count + 1, sizeof(*loaded->functions));
	loaded->maps = calloc(count + 1, sizeof(*loaded->maps));
	loaded->fds = calloc(count + 1, sizeof(*loaded->fds));
	if (!loaded->insns || !loaded->functions || !loaded->maps ||
	    !loaded->fds)
		return err_no_memory(err);
	memcpy(loaded->insns, insns, count * sizeof(*insns));
	result = maps_find(loaded, count, err);
	if (result)
		return result;
	functions_find(loaded, count);
	loaded->program.insns = loaded->insns;
	loaded->program.insn_count = count;
	loaded->program.functions = loaded->functions;
	loaded->program.maps = loaded->maps;
	*out = take(loaded);
	return 0;
}

/* A card to which nothing is too much. */
static struct card_limits without_limits(void)
{
	struct card_limits limits = *card_find(CARD_DEFAULT);

	limits.max_len = limits.max_maps = limits.max_elems = UINT_MAX;
	limits.max_key_sz = limits.max_val_sz = UINT_MAX;
	limits.max_elem_sz = UINT_MAX;
	limits.stack_sz = limits.inl_mtu = UINT16_MAX;
	return limits;
}

int safe_loaded_judge(const struct bpf_program *program, struct err *err)
{
	const struct card_limits limits = without_limits();
	OWN(safe_verdict) struct safe_verdict *verdict = NULL;
	OWN(safe_loaded) struct safe_loaded *loaded = NULL;
	const struct safe_violation *violation;
	int result =
		safe_loaded_make(bpf_program__insns(program),
				 bpf_program__insn_cnt(program), &loaded, err);

	if (!result)
		result = safe_judge(&loaded->program, SAFE_NFP, &limits, 0,
				    &verdict, err);
	if (result || !verdict->count)
		return result;
	violation = &verdict->violations[0];
	return err_system(err, EINVAL,
			  "wirewall's own judge does not let it pass, which is "
			  "a bug of wirewall: %s (%s) at instruction %zd: %s",
			  safe_rule_name(violation->rule), violation->detail,
			  (ssize_t)violation->insn,
			  safe_rule_says(violation->rule));
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * trial IF OBJECT...: what the driver of IF says about every XDP program of the
 * objects, also to attaching it: one JSON object a line. For the guest
 * (tests/hw/judge).
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <jansson.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "bpf/trial.h"
#include "net/xdp.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void report(const char *path, const char *program, const char *stage,
		   const struct trial *trial, int errnum, const char *words)
{
	json_t *line = json_pack("{s:s, s:s, s:b, s:s}", "object",
				 base_name(path), "program", program,
				 "accepted", !errnum, "stage", stage);

	if (errnum) {
		json_object_set_new(line, "errno", json_integer(errnum));
		json_object_set_new(line, "words", json_string(words));
	}
	if (trial && trial->prog_fd >= 0) {
		json_object_set_new(line, "insns", json_integer(trial->insns));
		json_object_set_new(line, "card_insns",
				    json_integer(trial->native_insns));
	}
	json_dumpf(line, stdout, JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(line);
}

static void try_program(const char *path, const char *program, int ifindex)
{
	OWN(trial) struct trial *trial = NULL;
	struct err err;
	int result = trial_load(path, program, ifindex, &trial, &err);

	if (result) {
		report(path, program, "open", NULL, -result, err.text);
		return;
	}
	if (trial->errnum) {
		report(path, program, trial_stage_name(trial->stage), trial,
		       trial->errnum, trial->words);
		return;
	}
	result = xdp_attach(ifindex, XDP_MODE_HW, trial->prog_fd, -1, &err);
	report(path, program, result ? "attach" : "accepted", trial, -result,
	       result ? err.text : "");
	if (!result)
		xdp_detach(ifindex, XDP_MODE_HW, trial->prog_fd, &err);
}

static void try_object(const char *path, int ifindex)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	struct bpf_program *program;

	if (!object) {
		report(path, "", "open", NULL, EINVAL, "libbpf cannot read it");
		return;
	}
	bpf_object__for_each_program(program,
				     object) if (bpf_program__type(program) ==
						 BPF_PROG_TYPE_XDP)
		try_program(path, bpf_program__name(program), ifindex);
	bpf_object__close(object);
}

int main(int argc, char **argv)
{
	int ifindex = argc > 2 ? (int)if_nametoindex(argv[1]) : 0;

	if (!ifindex) {
		fprintf(stderr, "usage: trial IF OBJECT...\n");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 2; i < argc; i++)
		try_object(argv[i], ifindex);
	return 0;
}

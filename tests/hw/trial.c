// SPDX-License-Identifier: GPL-2.0-only
/*
 * trial IF CARD OBJECT...: what the driver of IF says about every XDP program of
 * the objects, also to attaching it, and what our own judge says of CARD: one
 * JSON object a line. For the guest (tests/hw/judge).
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "bpf/object.h"
#include "bpf/trial.h"
#include "net/link.h"
#include "net/xdp.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The driver's words, as a part of the line. */
static void put_driver(json_t *line, const char *stage,
		       const struct trial *trial, int errnum, const char *words)
{
	json_object_set_new(line, "accepted", json_boolean(!errnum));
	json_object_set_new(line, "stage", json_string(stage));
	if (errnum) {
		json_object_set_new(line, "errno", json_integer(errnum));
		json_object_set_new(line, "words", json_string(words));
	}
	if (trial->prog_fd >= 0) {
		json_object_set_new(line, "insns", json_integer(trial->insns));
		json_object_set_new(line, "card_insns",
				    json_integer(trial->native_insns));
	}
}

static void ask_driver(json_t *line, const char *path, const char *program,
		       int ifindex)
{
	OWN(trial) struct trial *trial = NULL;
	struct err err;
	int result = trial_load(path, program, ifindex, &trial, &err);

	if (result) {
		struct trial none = { .prog_fd = -1 };

		put_driver(line, "open", &none, -result, err.text);
		return;
	}
	if (trial->errnum) {
		put_driver(line, trial_stage_name(trial->stage), trial,
			   trial->errnum, trial->words);
		return;
	}
	result = xdp_attach(ifindex, XDP_MODE_HW, trial->prog_fd, -1, &err);
	put_driver(line, result ? "attach" : "accepted", trial, -result,
		   result ? err.text : "");
	if (!result)
		xdp_detach(ifindex, XDP_MODE_HW, trial->prog_fd, &err);
}

/* Names of the rules that it breaks. */
static json_t *rules_of(const struct safe_verdict *verdict)
{
	json_t *rules = json_array();

	for (size_t i = 0; i < verdict->count; i++)
		json_array_append_new(rules,
				      json_string(safe_rule_name(
					      verdict->violations[i].rule)));
	return rules;
}

static void ask_judge(json_t *line, const struct object_program *program,
		      const struct card_limits *card, unsigned int mtu)
{
	OWN(safe_verdict) struct safe_verdict *verdict = NULL;
	struct err err;

	if (safe_judge(&program->safe, SAFE_NFP, card, mtu, &verdict, &err)) {
		json_object_set_new(line, "failure", json_string(err.text));
		return;
	}
	json_object_set_new(line, "judged_accepted",
			    json_boolean(!safe_is_refused(verdict)));
	json_object_set_new(line, "rules", rules_of(verdict));
	json_object_set_new(line, "estimate",
			    json_integer(verdict->card_insns));
}

static void try_object(const char *path, const struct link *link,
		       const struct card_limits *card)
{
	OWN(object) struct object *object = NULL;
	struct err err;

	if (object_read(path, &object, &err)) {
		fprintf(stderr, "trial: %s\n", err.text);
		return;
	}
	for (size_t i = 0; i < object->program_count; i++) {
		const struct object_program *program = &object->programs[i];
		json_t *line =
			json_pack("{s:s, s:s}", "object", base_name(path),
				  "program", program->name);

		ask_driver(line, path, program->name, link->ifindex);
		ask_judge(line, program, card, link->mtu);
		json_dumpf(line, stdout, JSON_ENSURE_ASCII);
		putchar('\n');
		json_decref(line);
	}
}

int main(int argc, char **argv)
{
	struct link link;
	struct card_limits card;
	struct err err;

	if (argc < 4) {
		fprintf(stderr, "usage: trial IF CARD OBJECT...\n");
		return 1;
	}
	if (link_get(argv[1], &link, &err) ||
	    card_parse(argv[2], &card, &err)) {
		fprintf(stderr, "trial: %s\n", err.text);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 3; i < argc; i++)
		try_object(argv[i], &link, &card);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A trial load: one XDP program of an object, with its maps, given to the
 * driver of a NIC that runs programs itself. Nothing is attached; whatever was
 * loaded goes away again with trial_free().
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/own.h"

struct bpf_object;

/* Who refused. */
enum trial_stage {
	TRIAL_ACCEPTED,
	TRIAL_MAP,	/* the driver, a map */
	TRIAL_VERIFIER, /* the kernel's verifier, or the driver's part in it */
	TRIAL_JIT,	/* the driver, translating */
	TRIAL_LOAD,	/* the kernel or the driver, in none of these */
};

struct trial {
	enum trial_stage stage;
	int errnum;		   /* 0 when accepted */
	char words[512];	   /* of who refused; "" when it said nothing */
	int prog_fd;		   /* -1 when refused */
	unsigned int insns;	   /* BPF instructions, when accepted */
	unsigned int native_insns; /* the card's */
	struct bpf_object *object; /* holds the maps */
};

/*
 * Load @program (NULL: the only one) of the object in @path for the device
 * @ifindex. A refusal is a result, not a failure: 0 and *@out, which the caller
 * frees. -errno with a sentence when @path is no object with such a program.
 */
int trial_load(const char *path, const char *program, int ifindex,
	       struct trial **out, struct err *err);
void trial_free(struct trial *trial);
OWN_DEFINE(trial)

/* "verifier": a word for each stage, also in JSON. */
const char *trial_stage_name(enum trial_stage stage);

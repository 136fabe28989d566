/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The independent judge: would this XDP program be taken, and would it do what
 * it says? An abstract interpreter over the instructions, which shares nothing
 * with what generates our own programs. The rules stand in safe.def, each with
 * the place in the driver (or kernel) where it was read.
 *
 * It takes for granted that the kernel's verifier accepts the program, and
 * knows of values what that verifier (Linux 6.1) knows.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/own.h"
#include "bpf/card.h"

enum safe_rule {
#define RULE(id, name, severity, says, instead, source) SAFE_##id,
#include "bpf/safe.def"
#undef RULE
	SAFE_RULES
};

enum safe_severity {
	SAFE_REFUSED, /* it does not load, or not attach */
	SAFE_TRAP,    /* it loads, and then does something else */
};

/* The name is stable, for machines; the rest is for people. */
const char *safe_rule_name(enum safe_rule rule);
const char *safe_rule_says(enum safe_rule rule);
const char *safe_rule_instead(enum safe_rule rule);
const char *safe_rule_source(enum safe_rule rule); /* "verifier.c:298" */
enum safe_severity safe_rule_severity(enum safe_rule rule);

enum safe_target {
	SAFE_NFP,
	SAFE_NATIVE,
	SAFE_GENERIC,
};

/* A map as the object defines it. */
struct safe_map {
	const char *name;
	uint32_t type, key_size, value_size, max_entries, flags;
	bool is_global; /* .bss, .rodata and their like */
};

/* What the kernel knows of a function's arguments, where it judges the function
 * alone because its linkage is global. */
enum safe_argument {
	SAFE_ARG_NUMBER,
	SAFE_ARG_CONTEXT,
	SAFE_ARG_MEMORY,
};

struct safe_function {
	size_t start; /* its first instruction */
	bool is_global;
	enum safe_argument args[5];
};

/*
 * 1. Maps are referred to by BPF_PSEUDO_MAP_IDX and BPF_PSEUDO_MAP_IDX_VALUE,
 *    functions by BPF_PSEUDO_CALL and BPF_PSEUDO_FUNC, all within @insns.
 * 2. functions[] has the main function first, in the order of their places.
 */
struct safe_program {
	const struct bpf_insn *insns;
	size_t insn_count;
	const struct safe_function *functions;
	size_t function_count;
	const struct safe_map *maps;
	size_t map_count;
	uint32_t flags; /* BPF_F_XDP_HAS_FRAGS */
};

#define SAFE_NOWHERE SIZE_MAX

struct safe_violation {
	enum safe_rule rule;
	size_t insn;	  /* or SAFE_NOWHERE */
	size_t map;	  /* or SAFE_NOWHERE */
	char detail[112]; /* what was seen: "helper 23" */
};

struct safe_verdict {
	struct safe_violation *violations; /* by instruction */
	size_t count;
	unsigned int card_insns; /* an estimate; nfp only */
	unsigned int stack;	 /* bytes of the card's */
	unsigned int packet;	 /* how deep it looks into a packet */
};

/*
 * Judge @program for @target; @card and @mtu (of the interface) matter to
 * SAFE_NFP only. 0 and *@out, freed with safe_verdict_free(); -ENOMEM, or
 * -EINVAL where @program is not what it should be (a jump out of it, a map that
 * it does not have).
 */
int safe_judge(const struct safe_program *program, enum safe_target target,
	       const struct card_limits *card, unsigned int mtu,
	       struct safe_verdict **out, struct err *err);
void safe_verdict_free(struct safe_verdict *verdict);
OWN_DEFINE(safe_verdict)

/* Does one of the violations refuse the program? */
bool safe_is_refused(const struct safe_verdict *verdict);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The rules that the command line names, whatever they come from. */
#include "cli/options.h"
#include "rules/block.h"

struct input {
	struct ruleset *ipv4, *ipv6; /* NULL: none were given */
	struct ipsets *sets;	     /* that they ask for, or NULL */
	struct block_list *block;    /* that they begin with, or NULL */
};

/*
 * Read --rules, --rules6 or --from-kernel, and what they ask for: --sets (with
 * --from-kernel those of the kernel), --block. Syntax errors are said one by one
 * before this fails with ERR_INPUT. ERR_USAGE when nothing was named.
 */
int input_read(const struct options *options, struct input *out,
	       struct err *err);
/* One file of either family, without sets; "-" is stdin. */
int input_read_file(const char *path, struct input *out, struct err *err);
/* What the host has loaded, of both families: by its own iptables-save, whose
 * complaints are said unless @is_quiet, or, with counters, in one of the two
 * places where iptables keeps rules. -ENOENT: not installed. */
int input_read_kernel(bool is_quiet, struct input *out, struct err *err);
int input_read_legacy(struct input *out, struct err *err);
int input_read_nft(struct input *out, struct err *err);
/*
 * Both places. Where only one can be read the other is empty; ERR_SYSTEM:
 * neither can.
 */
int input_read_places(struct input places[2], struct err *err);
void input_free(struct input *input);
#define OWN_INPUT __attribute__((cleanup(input_free)))

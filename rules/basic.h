/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The options of iptables itself that ask something: -s -d -i -o -p -f, the
 * address part of a rule. Each returns 0, -EINVAL with a sentence and a place,
 * or -ENOMEM.
 */
#include "rules/parse.h"

/* So many addresses may stand in one list; each stands for a rule. */
#define BASIC_LIST_MAX 1024

int basic_address(struct parse *p, const struct given *given,
		  enum match_kind kind);
int basic_iface(struct parse *p, const struct given *given,
		enum match_kind kind);
int basic_proto(struct parse *p, const struct given *given);
int basic_fragment(struct parse *p, const struct given *given);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One match asked of one packet: the kernel's answer, as read in
 * net/netfilter/xt_*.c, net/ipv4/netfilter/ip_tables.c and
 * net/ipv6/netfilter/ip6_tables.c of Linux 6.1 and 6.12.
 */
#include "rules/eval.h"

enum answer {
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_UNKNOWN, /* the packet does not tell */
	ANSWER_HOTDROP, /* the match drops the packet itself */
};

static inline enum answer ask_truth(bool value)
{
	return value ? ANSWER_YES : ANSWER_NO;
}

/* The packet and what is known of it at this point of its way. */
struct question {
	const struct ruleset *ruleset;
	const struct packet *packet;
	const struct situation *situation;
	struct transport transport;
	enum hook hook;
	unsigned int states;  /* CT_* bits: one of them is the case */
	unsigned int changes; /* CHANGE_*: what rules may have overwritten */
};

/*
 * Ask match @index of @rule: it may need its neighbours, as iptables-nft
 * translates a module as a whole. Negation is already in the answer.
 */
enum answer ask_match(const struct question *question, const struct rule *rule,
		      size_t index);

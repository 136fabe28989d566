/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One match asked of one packet: the kernel's answer, as read in
 * net/netfilter/xt_*.c, net/ipv4/netfilter/ip_tables.c and
 * net/ipv6/netfilter/ip6_tables.c of Linux 6.1 and 6.12.
 */
#include "rules/eval.h"
#include "rules/ipset.h"

enum answer {
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_UNKNOWN, /* the packet does not tell */
	ANSWER_HOTDROP, /* the match drops the packet itself */
};

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

/* What sets are asked of a packet whose transport header is @transport. */
void ask_set_probe(const struct packet *packet,
		   const struct transport *transport, struct ipset_probe *out);

/*
 * `-m tcp ! --sport A ! --dport B`: iptables-nft 1.8.9 compares both ports at
 * once, so that the rule matches unless both are equal (add_nft_tcpudp() in
 * iptables/nft.c), where the kernel's match and other versions want both to
 * differ. Returns the other port of such a pair, or NULL.
 */
const struct match *ask_merged_port(const struct rule *rule, size_t index);

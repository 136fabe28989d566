/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Matches that read the transport header, and the modules that want it to be
 * there.
 */
#include "rules/ask.h"

/* As ask_match(), for the kinds of matches that are about that header. */
enum answer ask_transport(const struct question *q, const struct rule *rule,
			  size_t index);

/*
 * `-m tcp ! --sport A ! --dport B`: iptables-nft 1.8.9 compares both ports at
 * once, so that the rule matches unless both are equal (add_nft_tcpudp() in
 * iptables/nft.c), where the kernel's match and other versions want both to
 * differ. Returns the other port of such a pair, or NULL.
 */
const struct match *ask_transport_merged(const struct rule *rule, size_t index);

/*
 * All ports, or no flags: iptables-nft 1.8.9 writes no expression for that,
 * negated or not (the same functions, and add_nft_tcp()), so that everything
 * matches; of what is negated nothing does in the kernel's match and in later
 * versions.
 */
bool ask_transport_is_forgotten(const struct rule *rule, size_t index);

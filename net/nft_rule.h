/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Does iptables-nft-save tell what a rule of nftables does? It prints what it
 * knows of a rule and is silent about the rest, for rules that nft put into
 * tables of iptables (1.8.9: `tcp dport { 22, 23 } drop` becomes `-p tcp -j
 * DROP`, `ip dscp 5 accept` nothing at all) and for some of its own (`-m tcp !
 * --dport 22 -m tcp ! --dport 80` becomes `-m tcp ! --dport 80`).
 */
#include <stdbool.h>

struct nlattr;

/*
 * @expressions: NFTA_RULE_EXPRESSIONS of a rule of @family (NFPROTO_*). True
 * only for those that iptables-nft makes (iptables/nft.c and nft-shared.c,
 * 1.8.9), each at most once.
 */
bool nft_rule_is_told(unsigned int family, const struct nlattr *expressions);

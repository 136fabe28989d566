/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What nftables has in this network namespace, as far as facts depend on it:
 * tables, base chains, flowtables and objects; of rules only whether
 * iptables-save tells what they do.
 */
#include <stdint.h>

struct facts_memory;
struct host_facts;

/* Thousands of rules are listed again only in another generation. */
void nft_read(struct facts_memory *memory, struct host_facts *facts);

/* Every change of tables, chains, rules and sets counts it up; 0: unknown. */
uint32_t nft_generation(void);

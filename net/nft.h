/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What nftables has in this network namespace, as far as facts depend on it:
 * tables, base chains, flowtables and objects; of rules only whether
 * iptables-save tells what they do.
 */
struct host_facts;

void nft_read(struct host_facts *facts);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Facts about the host that decide what may be dropped and that no packet
 * tells, read without changing anything. A fact that cannot be read is
 * reported as the conservative answer, with is_known false and a sentence.
 */
#include <stdint.h>

#include "net/fact.h"

/* Tables of iptables whose rules meet packets that come in. */
enum host_table {
	HOST_TABLE_RAW = 1 << 0,
	HOST_TABLE_MANGLE = 1 << 1,
	HOST_TABLE_NAT = 1 << 2,
	HOST_TABLE_FILTER = 1 << 3,
	HOST_TABLE_SECURITY = 1 << 4,
};

/* 0: no table of that name is among them. */
unsigned int facts_table(const char *name);

struct host_facts {
	/*
	 * Address translation of each family ([0] IPv4, [1] IPv6): a nat table
	 * of iptables-legacy (/proc/net/ip_tables_names) or a base chain of
	 * type nat in nftables.
	 */
	struct fact has_nat[2];
	/*
	 * A table raw of each family, legacy or nft. Its rules (`-j CT
	 * --helper`) cannot be asked for from here: whoever has the rules knows
	 * whether they are among them.
	 */
	struct fact has_raw[2];
	/*
	 * Tables of each family, as bits HOST_TABLE_*: those that
	 * iptables-legacy has (also empty ones), and those of iptables-nft.
	 */
	unsigned int legacy_tables[2], nft_tables[2];
	/*
	 * Hooks that may act before the rules that we know: tables and base
	 * chains of nftables that are not iptables-nft's own, flowtables, BPF
	 * programs attached to netfilter.
	 */
	struct fact has_foreign_hooks;
	/*
	 * Connections that announce others (soundness.md 2.2.3), apart from
	 * rules in raw: automatic helpers, ct helper and ct expectation
	 * objects of nftables, virtual servers, expectations of this moment.
	 */
	struct fact has_helpers;
	/* nf_conntrack_log_invalid: what tracking refuses is logged. */
	struct fact logs_invalid;
	/* log_martians: IPv4 packets of impossible addresses that come in by
	 * the interface are logged by routing. */
	struct fact logs_martians;
	/*
	 * Packet sockets (tcpdump, some DHCP programs) that do not see what
	 * dies early on the interface: for people to know, nothing is decided
	 * by it.
	 */
	struct fact has_readers;
};

/* As packets see them that come in by @iface of this network namespace. */
void facts_read(const char *iface, struct host_facts *facts);

/*
 * The same, for who asks twice a second: what takes long to read is read again
 * only when it has changed. @memory begins zeroed, and is of one namespace.
 */
struct facts_memory {
	struct {
		uint32_t generation; /* of nftables, 0: nothing is known */
		struct fact untold;  /* of its rules: net/nft_rule.h */
	} nft;
};
void facts_read_again(const char *iface, struct facts_memory *memory,
		      struct host_facts *facts);

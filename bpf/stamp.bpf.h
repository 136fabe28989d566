/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What of the host a plan rests on and no packet tells (soundness.md 2.3), as
 * the kernel has it now: bpf/stamp.bpf.c writes it down before a plan is made,
 * and the program compares before it drops (bpf/frame.bpf.c). Both read it here.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/ip.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/kernel.bpf.h"
#include "bpf/wire.h"

#pragma clang attribute push(__attribute__((preserve_access_index)),           \
			     apply_to = record)

struct nf_hook_entry {
	void *hook;
	void *priv;
};

struct nf_hook_entries {
	__u16 num_hook_entries;
	struct nf_hook_entry hooks[];
};

enum nf_hook_ops_type {
	NF_HOOK_OP_NF_TABLES = 1,
};

struct nf_hook_ops {
	int priority;
	enum nf_hook_ops_type hook_ops_type;
};

struct nft_table {
	__u64 handle;
};

struct nft_chain {
	struct nft_table *table;
	__u64 handle;
};

struct nf_conntrack_net {
	unsigned int expect_count;
	void *sysctl_header;
};

enum netdev_priv_flags {
	IFF_L3MDEV_SLAVE = 1 << 21,
};

#pragma clang attribute pop

/* A port of a VRF: its packets go through netfilter as the VRF's, too. */
static __always_inline bool is_vrf_port(struct net_device *dev)
{
	return BPF_CORE_READ_BITFIELD(dev, priv_flags) &
	       bpf_core_enum_value(enum netdev_priv_flags, IFF_L3MDEV_SLAVE);
}

static __always_inline bool logs_invalid(const struct net *net)
{
	return bpf_core_field_exists(net->ct.sysctl_log_invalid) &&
	       net->ct.sysctl_log_invalid != 0;
}

/* IN_DEV_LOG_MARTIANS() */
static __always_inline bool logs_martians(const struct net_device *dev)
{
	const int log = IPV4_DEVCONF_LOG_MARTIANS - 1;

	return dev->nd_net.net->ipv4.devconf_all->data[log] != 0 ||
	       (dev->ip_ptr && dev->ip_ptr->cnf.data[log] != 0);
}

/* The functions on a hook of netfilter; 0: none. */
static __always_inline __u64 hook_list(const struct net *net, bool is_ipv6,
				       enum nf_inet_hooks hook)
{
	return is_ipv6 ? (__u64)net->nf.hooks_ipv6[hook]
		       : (__u64)net->nf.hooks_ipv4[hook];
}

static __always_inline __u32 hook_count(__u64 list)
{
	struct nf_hook_entries *entries =
		bpf_rdonly_cast((void *)list, bpf_core_type_id_kernel(
						      struct nf_hook_entries));

	return list ? entries->num_hook_entries : 0;
}

/* What was registered as function @i of @count (nf_hook_entries_get_hook_ops()
 * in net/netfilter/core.c). */
static __always_inline struct nf_hook_ops *hook_ops(__u64 list, __u32 count,
						    __u32 i)
{
	__u64 ops = list + bpf_core_field_offset(struct nf_hook_entries, hooks);

	ops += count * bpf_core_type_size(struct nf_hook_entry);
	return bpf_rdonly_cast((void *)word_at(ops + i * sizeof(void *)),
			       bpf_core_type_id_kernel(struct nf_hook_ops));
}

/*
 * Function @i of @count. Memory is used again, so that pointers alone may be
 * those of another chain of nftables; handles never are.
 */
static __always_inline void read_hook(__u64 list, __u32 count, __u32 i,
				      bool is_nft, struct wire_hook *out)
{
	__u64 entry = list +
		      bpf_core_field_offset(struct nf_hook_entries, hooks) +
		      i * bpf_core_type_size(struct nf_hook_entry);
	__u64 chain;

	out->function = word_at(
		entry + bpf_core_field_offset(struct nf_hook_entry, hook));
	chain = word_at(entry +
			bpf_core_field_offset(struct nf_hook_entry, priv));
	out->context = chain;
	out->priority = hook_ops(list, count, i)->priority;
	if (!is_nft || !bpf_core_field_exists(struct nft_chain, handle))
		return;
	out->chain = word_at(chain +
			     bpf_core_field_offset(struct nft_chain, handle));
	out->table =
		word_at(word_at(chain + bpf_core_field_offset(struct nft_chain,
							      table)) +
			bpf_core_field_offset(struct nft_table, handle));
}

/*
 * Where connection tracking keeps what it knows of a network namespace
 * (net_generic()); 0: nowhere.
 */
static __always_inline __u64 generic_of(const struct net *net, __u32 id)
{
	return word_at((__u64)net->gen + id * sizeof(void *));
}

/* init_conntrack() looks for an expectation only where there is any. */
static __always_inline bool has_expectations(const struct net *net, __u32 id)
{
	__u64 tracking = generic_of(net, id);

	return !tracking ||
	       (__u32)word_at(tracking +
			      bpf_core_field_offset(struct nf_conntrack_net,
						    expect_count)) != 0;
}

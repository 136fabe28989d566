/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The kernel's own structures, relocated at load (kernel 6.2 and later; before
 * that a program sees none of them). Only members that are used are declared.
 */
#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/types.h>
#include <linux/xfrm.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)),           \
			     apply_to = record)

struct list_head {
	struct list_head *next;
};

struct ipv4_devconf {
	int data[__IPV4_DEVCONF_MAX];
};

struct fib_rule {
	struct list_head list;
	int iifindex;
	__u32 mark_mask;
	__u32 flags;
	__u32 table;
	__u8 action;
};

struct fib4_rule {
	struct fib_rule common;
	__u8 dst_len;
	__u8 src_len;
};

struct rt6key {
	int plen;
};

struct fib6_rule {
	struct fib_rule common;
	struct rt6key src;
	struct rt6key dst;
};

struct fib_rules_ops {
	struct list_head rules_list;
};

struct netns_ipv4 {
	struct ipv4_devconf *devconf_all;
	struct fib_rules_ops *rules_ops;
	bool fib_has_custom_rules;
	__u8 sysctl_fib_multipath_use_neigh;
	__u8 sysctl_fib_multipath_hash_policy;
};

struct netns_sysctl_ipv6 {
	__u8 multipath_hash_policy;
};

typedef struct {
	int counter;
} atomic_t;

struct ipv6_devconf {
	atomic_t mc_forwarding;
};

struct netns_ipv6 {
	struct netns_sysctl_ipv6 sysctl;
	struct ipv6_devconf *devconf_all;
	struct fib_rules_ops *fib6_rules_ops;
	bool fib6_has_custom_rules;
};

struct netns_xfrm {
	unsigned int policy_count[XFRM_POLICY_MAX];
};

/* linux/netfilter.h, which has more than can be declared twice. */
enum nf_inet_hooks {
	NF_INET_PRE_ROUTING,
	NF_INET_LOCAL_IN,
	NF_INET_FORWARD,
	NF_INET_NUMHOOKS = 5,
};

struct nf_hook_entries;

struct netns_nf {
	struct nf_hook_entries *hooks_ipv4[NF_INET_NUMHOOKS];
	struct nf_hook_entries *hooks_ipv6[NF_INET_NUMHOOKS];
};

struct netns_ct {
	__u8 sysctl_log_invalid;
};

struct net_generic {
	struct {
		unsigned int len;
	} s;
};

struct net {
	struct netns_ipv4 ipv4;
	struct netns_ipv6 ipv6;
	struct netns_nf nf;
	struct netns_ct ct;
	struct netns_xfrm xfrm;
	struct net_generic *gen;
	__u64 net_cookie;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct in_ifaddr {
	struct in_ifaddr *ifa_next;
	__be32 ifa_local;
};

struct in_device {
	struct in_ifaddr *ifa_list;
	struct ipv4_devconf cnf;
};

struct inet6_dev {
	struct list_head addr_list;
};

struct inet6_ifaddr {
	struct in6_addr addr;
	__u32 flags;
	struct list_head if_list;
};

struct net_device {
	const unsigned char *dev_addr;
	void *rx_handler;
	void *vlan_info;
	void *tcx_ingress;
	void *miniq_ingress;
	void *nf_hooks_ingress;
	struct in_device *ip_ptr;
	struct inet6_dev *ip6_ptr;
	possible_net_t nd_net;
	char name[16];
	int ifindex;
	unsigned int priv_flags;
};

struct ethhdr___kernel {
	unsigned char h_dest[ETH_ALEN];
};

struct xdp_rxq_info {
	struct net_device *dev;
};

struct xdp_buff {
	struct xdp_rxq_info *rxq;
};

/* Two words of which the verifier knows nothing: see word_at(). */
struct timespec64 {
	long tv_sec;
};

#pragma clang attribute pop

extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym __attribute__((weak));
extern void *bpf_rdonly_cast(void *pointer, __u32 type) __ksym
	__attribute__((weak));

/* The receiving device; NULL when this kernel does not show it. */
static __always_inline struct net_device *device_of(struct xdp_md *ctx)
{
	if (!bpf_cast_to_kern_ctx || !bpf_rdonly_cast)
		return NULL;

	struct xdp_buff *buff = bpf_cast_to_kern_ctx(ctx);
	return buff->rxq->dev;
}

/* 8 bytes of the kernel's memory as a number; 0 where there is none. */
static __always_inline __u64 word_at(__u64 address)
{
	struct timespec64 *words =
		bpf_rdonly_cast((void *)address,
				bpf_core_type_id_kernel(struct timespec64));

	return words->tv_sec;
}

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What a program asks of the receiving device. */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/kernel.bpf.h"

#define IS_SET(dev, member)                                                    \
	(bpf_core_field_exists((dev)->member) && (dev)->member != NULL)

/*
 * May anybody take packets off the device before netfilter has them (2.2, 6 to
 * 8)? Bridges, bonds, macvlans and the like have an rx_handler; then VLANs, tc
 * (tcx_ingress from 6.6 on, miniq_ingress before) and nftables' ingress hook.
 */
static __always_inline bool has_other_receivers(struct net_device *dev)
{
	return dev->rx_handler != NULL || IS_SET(dev, vlan_info) ||
	       IS_SET(dev, tcx_ingress) || IS_SET(dev, miniq_ingress) ||
	       IS_SET(dev, nf_hooks_ingress);
}

/* Is the frame for this device's own address, or for a group? */
static __always_inline bool is_addressed(struct xdp_md *ctx,
					 struct net_device *dev)
{
	const void *data = (void *)(long)ctx->data;
	const void *end = (void *)(long)ctx->data_end;
	const struct ethhdr *eth = data;
	const struct ethhdr___kernel *own =
		bpf_rdonly_cast((void *)dev->dev_addr,
				bpf_core_type_id_kernel(
					struct ethhdr___kernel));

	if ((const void *)(eth + 1) > end)
		return false;
	if (eth->h_dest[0] & 1)
		return true;
#pragma unroll
	for (int i = 0; i < ETH_ALEN; i++) {
		if (eth->h_dest[i] != own->h_dest[i])
			return false;
	}
	return true;
}

/* Would the packet surely go to netfilter and nowhere else? */
static __always_inline bool is_only_receiver(struct xdp_md *ctx)
{
	struct net_device *dev = device_of(ctx);

	return dev && !has_other_receivers(dev) && is_addressed(ctx, dev);
}

/* Are broadcasts to a subnet perhaps forwarded? True when it cannot be seen. */
static __always_inline bool may_forward_broadcasts(struct xdp_md *ctx)
{
	struct net_device *dev = device_of(ctx);

	return !dev || dev->nd_net.net->ipv4.devconf_all
			       ->data[IPV4_DEVCONF_BC_FORWARDING - 1];
}

/*
 * Are packets to groups perhaps routed (mrouted and the like)? True when it
 * cannot be seen. Per device it counts only where it does for all.
 */
static __always_inline bool may_route_groups(struct xdp_md *ctx, bool is_ipv6)
{
	struct net_device *dev = device_of(ctx);

	if (!dev)
		return true;

	struct net *net = dev->nd_net.net;
	if (is_ipv6)
		return !bpf_core_field_exists(
			       net->ipv6.devconf_all->mc_forwarding) ||
		       net->ipv6.devconf_all->mc_forwarding.counter != 0;
	return net->ipv4.devconf_all->data[IPV4_DEVCONF_MC_FORWARDING - 1] != 0;
}

/* Are packets perhaps sent through IPsec? True when it cannot be seen. */
static __always_inline bool may_use_ipsec(struct xdp_md *ctx)
{
	struct net_device *dev = device_of(ctx);

	if (!dev)
		return true;

	struct net *net = dev->nd_net.net;
	return bpf_core_field_exists(net->xfrm.policy_count) &&
	       net->xfrm.policy_count[XFRM_POLICY_OUT] != 0;
}

/*
 * Does forwarding choose among several paths as bpf_fib_lookup() does: by the
 * addresses alone? False when it cannot be seen. Errors of ICMP go by the
 * addresses that they quote (ip_multipath_l3_keys()).
 */
static __always_inline bool is_path_known(struct xdp_md *ctx, bool is_ipv6)
{
	struct net_device *dev = device_of(ctx);

	if (!dev)
		return false;

	struct net *net = dev->nd_net.net;
	if (is_ipv6)
		return net->ipv6.sysctl.multipath_hash_policy == 0;
	return !bpf_core_field_exists(
		       net->ipv4.sysctl_fib_multipath_hash_policy) ||
	       (net->ipv4.sysctl_fib_multipath_hash_policy == 0 &&
		net->ipv4.sysctl_fib_multipath_use_neigh == 0);
}

/* Looks this rule into the table of local addresses, for every packet? */
static __always_inline bool is_local_rule(struct fib_rule *rule,
					  __u32 prefix_bits)
{
	return rule->action == FR_ACT_TO_TBL && rule->table == RT_TABLE_LOCAL &&
	       !(rule->flags & FIB_RULE_INVERT) && rule->iifindex == 0 &&
	       rule->mark_mask == 0 && prefix_bits == 0;
}

/* Is that the first thing that routing does? Then own addresses are local. */
static __always_inline bool asks_local_first(struct net *net, bool is_ipv6)
{
	struct fib_rules_ops *ops;

	if (is_ipv6 ? !net->ipv6.fib6_has_custom_rules
		    : !net->ipv4.fib_has_custom_rules)
		return true;
	ops = is_ipv6 ? net->ipv6.fib6_rules_ops : net->ipv4.rules_ops;

	void *first = (void *)ops->rules_list.next -
		      bpf_core_field_offset(struct fib_rule, list);
	if (is_ipv6) {
		struct fib6_rule *rule =
			bpf_rdonly_cast(first, bpf_core_type_id_kernel(
						       struct fib6_rule));

		return is_local_rule(&rule->common,
				     rule->src.plen | rule->dst.plen);
	}

	struct fib4_rule *rule =
		bpf_rdonly_cast(first,
				bpf_core_type_id_kernel(struct fib4_rule));
	return is_local_rule(&rule->common, rule->src_len | rule->dst_len);
}

/* More addresses than this on one device are not looked at. */
#define OWN_ADDRESSES_MAX 16

/* Is an IPv4 address surely local: one of the receiving device? */
static __always_inline bool is_own_ipv4(struct xdp_md *ctx, __be32 wanted)
{
	struct net_device *dev = device_of(ctx);

	if (!dev || !dev->ip_ptr || !asks_local_first(dev->nd_net.net, false))
		return false;

	struct in_ifaddr *own = dev->ip_ptr->ifa_list;

	for (int i = 0; i < OWN_ADDRESSES_MAX; i++) {
		if (!own)
			break;
		if (own->ifa_local == wanted)
			return true;
		own = own->ifa_next;
	}
	return false;
}

/* Is an IPv6 address surely local, and in use? */
static __always_inline bool is_own_ipv6(struct xdp_md *ctx,
					const __be32 wanted[4])
{
	struct net_device *dev = device_of(ctx);

	if (!dev || !dev->ip6_ptr || !asks_local_first(dev->nd_net.net, true))
		return false;

	struct list_head *node = dev->ip6_ptr->addr_list.next;

	for (int i = 0; i < OWN_ADDRESSES_MAX; i++) {
		struct inet6_ifaddr *own = bpf_rdonly_cast(
			(void *)node -
				bpf_core_field_offset(struct inet6_ifaddr,
						      if_list),
			bpf_core_type_id_kernel(struct inet6_ifaddr));
		const __be32 *words = (const __be32 *)&own->addr;

		if (node == &dev->ip6_ptr->addr_list)
			break;
		if (words[0] == wanted[0] && words[1] == wanted[1] &&
		    words[2] == wanted[2] && words[3] == wanted[3])
			return !(own->flags & IFA_F_TENTATIVE);
		node = own->if_list.next;
	}
	return false;
}

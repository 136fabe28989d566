/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Is the host still as the plan took it (soundness.md 2.3)? Asked only for
 * packets that are about to be dropped; those that find a change pass, until
 * rules are applied again.
 */
#include <stdbool.h>
#include <linux/bpf.h>

#include "bpf/stamp.bpf.h"
#include "bpf/wire.h"

static __always_inline bool is_same_hook(__u64 list, __u32 count, __u32 i,
					 const volatile struct wire_hook *then)
{
	struct wire_hook now = {};

	read_hook(list, count, i, then->is_nft, &now);
	return now.function == then->function && now.context == then->context &&
	       now.priority == then->priority && now.chain == then->chain &&
	       now.table == then->table;
}

static __always_inline bool
are_same_hooks(__u64 list, const volatile struct wire_hooks *then)
{
	__u32 count = then->count;

	if (hook_count(list) != count)
		return false;
	for (__u32 i = 0; i < WIRE_HOOKS_MAX; i++) {
		if (i >= count)
			break;
		if (!is_same_hook(list, count, i, &then->items[i]))
			return false;
	}
	return true;
}

/* Those that translate addresses between PREROUTING's and INPUT's rules. */
static __always_inline bool has_same_nat(const volatile struct wire_stamp *then,
					 bool is_ipv6)
{
	const volatile struct wire_hooks *lists = then->hooks[is_ipv6];
	__u32 nat = then->nat[is_ipv6];

	if (nat == 0 || nat > WIRE_HOOKS_MAX)
		return true;
	return are_same_hooks(
		word_at(lists[WIRE_HOOKS_PREROUTING].items[nat - 1].context),
		&lists[WIRE_HOOKS_NAT]);
}

/* The functions of netfilter that the packet comes by up to @stage. */
static __always_inline bool
has_same_hooks(const struct net *net, const volatile struct wire_stamp *then,
	       bool is_ipv6, enum wire_stage stage)
{
	const volatile struct wire_hooks *lists = then->hooks[is_ipv6];

	if (!are_same_hooks(hook_list(net, is_ipv6, NF_INET_PRE_ROUTING),
			    &lists[WIRE_HOOKS_PREROUTING]))
		return false;
	if (stage == WIRE_PREROUTING)
		return true;
	if (!has_same_nat(then, is_ipv6))
		return false;
	if (stage == WIRE_INPUT)
		return are_same_hooks(hook_list(net, is_ipv6, NF_INET_LOCAL_IN),
				      &lists[WIRE_HOOKS_INPUT]);
	return are_same_hooks(hook_list(net, is_ipv6, NF_INET_FORWARD),
			      &lists[WIRE_HOOKS_FORWARD]);
}

/* Under the name, and in the network namespace, that rules were read for. */
static __always_inline bool
is_same_interface(struct net_device *dev,
		  const volatile struct wire_stamp *then)
{
	__u64 name = (__u64)dev + bpf_core_field_offset(dev->name);

	return dev->ifindex == then->ifindex &&
	       dev->nd_net.net->net_cookie == then->netns &&
	       word_at(name) == then->name[0] &&
	       word_at(name + 8) == then->name[1] && !is_vrf_port(dev);
}

/* Would the host do with the packet at @stage what the plan says? */
static __always_inline bool
is_unchanged(struct xdp_md *ctx, const volatile struct wire_settings *settings,
	     bool is_ipv6, enum wire_stage stage)
{
	const volatile struct wire_stamp *then = &settings->stamp;
	__u8 checks = settings->checks;
	struct net_device *dev;

	if (!checks)
		return true;
	dev = device_of(ctx);
	if (!dev)
		return false;

	const struct net *net = dev->nd_net.net;

	if (checks & WIRE_CHECK_INTERFACE && !is_same_interface(dev, then))
		return false;
	if (checks & WIRE_CHECK_LOG_INVALID && logs_invalid(net))
		return false;
	if (checks & WIRE_CHECK_LOG_MARTIANS && !is_ipv6 && logs_martians(dev))
		return false;
	if (checks & (is_ipv6 ? WIRE_CHECK_HOOKS_IPV6 : WIRE_CHECK_HOOKS_IPV4))
		return has_same_hooks(net, then, is_ipv6, stage);
	return true;
}

/*
 * May a packet of no known connection be expected by another one? Asked before
 * the stack has seen the packets in front of this one; but who opens an
 * expected connection was told of it by a packet that the host has passed on.
 */
static __always_inline bool
is_expecting(struct xdp_md *ctx, const volatile struct wire_settings *settings)
{
	struct net_device *dev;

	if (settings->may_expect)
		return true;
	if (!(settings->checks & WIRE_CHECK_EXPECTATIONS))
		return false;
	dev = device_of(ctx);
	return !dev ||
	       has_expectations(dev->nd_net.net, settings->stamp.conntrack);
}

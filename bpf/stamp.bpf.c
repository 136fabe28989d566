// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run once for an interface (bpf/stamp.c): writes down what plans for it take
 * for granted. Never attached.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/stamp.bpf.h"

#define NAT_PRIORITY (-100) /* NF_IP_PRI_NAT_DST */
#define GENERIC_MAX  256    /* numbers of subsystems with data of a namespace */

#pragma clang attribute push(__attribute__((preserve_access_index)),           \
			     apply_to = record)

struct ctl_table {
	const char *procname;
};

struct ctl_table_header {
	struct ctl_table *ctl_table;
};

#pragma clang attribute pop

struct wire_stamp stamp;

static __always_inline bool is_nft(__u64 list, __u32 count, __u32 i)
{
	struct nf_hook_ops *ops = hook_ops(list, count, i);

	return BPF_CORE_READ_BITFIELD_PROBED(ops, hook_ops_type) ==
	       bpf_core_enum_value(enum nf_hook_ops_type, NF_HOOK_OP_NF_TABLES);
}

static void take_hooks(__u64 list, struct wire_hooks *out)
{
	__u32 count = hook_count(list);

	if (count > WIRE_HOOKS_MAX) {
		out->count = WIRE_HOOKS_UNKNOWN;
		return;
	}
	out->count = count;
	for (__u32 i = 0; i < WIRE_HOOKS_MAX; i++) {
		struct wire_hook *hook = &out->items[i];

		if (i >= count)
			break;
		hook->is_nft = is_nft(list, count, i);
		read_hook(list, count, i, hook->is_nft, hook);
	}
}

/* Position, from 1, of the function that translates; 0: there is none. */
static __u32 find_nat(const struct wire_hooks *hooks)
{
	for (__u32 i = 0; i < WIRE_HOOKS_MAX; i++) {
		if (i >= hooks->count)
			break;
		if (!hooks->items[i].is_nft &&
		    hooks->items[i].priority == NAT_PRIORITY)
			return i + 1;
	}
	return 0;
}

/* That function keeps a list of its own (struct nf_nat_lookup_hook_priv). */
static void take_family(const struct net *net, bool is_ipv6)
{
	struct wire_hooks *lists = stamp.hooks[is_ipv6];
	struct wire_hooks *first = &lists[WIRE_HOOKS_PREROUTING];

	take_hooks(hook_list(net, is_ipv6, NF_INET_PRE_ROUTING), first);
	take_hooks(hook_list(net, is_ipv6, NF_INET_LOCAL_IN),
		   &lists[WIRE_HOOKS_INPUT]);
	take_hooks(hook_list(net, is_ipv6, NF_INET_FORWARD),
		   &lists[WIRE_HOOKS_FORWARD]);

	__u32 nat = find_nat(first);

	stamp.nat[is_ipv6] = nat;
	if (nat && nat <= WIRE_HOOKS_MAX)
		take_hooks(word_at(first->items[nat - 1].context),
			   &lists[WIRE_HOOKS_NAT]);
}

static __always_inline bool are_known(bool is_ipv6)
{
	for (int list = 0; list < WIRE_HOOKS_COUNT; list++) {
		if (stamp.hooks[is_ipv6][list].count == WIRE_HOOKS_UNKNOWN)
			return false;
	}
	return true;
}

/* The first of its sysctls tells it (nf_conntrack_standalone.c). */
static __always_inline bool is_conntrack(__u64 data)
{
	const union {
		char text[16];
		__u64 words[2];
	} wanted = { .text = "nf_conntrack_max" };
	__u64 header =
		word_at(data + bpf_core_field_offset(struct nf_conntrack_net,
						     sysctl_header));
	__u64 table =
		word_at(header + bpf_core_field_offset(struct ctl_table_header,
						       ctl_table));
	__u64 name = word_at(table +
			     bpf_core_field_offset(struct ctl_table, procname));

	return word_at(name) == wanted.words[0] &&
	       word_at(name + 8) == wanted.words[1] &&
	       (__u8)word_at(name + 16) == 0;
}

/* No symbol tells the number on every kernel. */
static void find_conntrack(const struct net *net)
{
	__u32 count = net->gen->s.len;

	if (!bpf_core_field_exists(struct nf_conntrack_net, expect_count))
		return;
	for (__u32 i = 1; i < GENERIC_MAX; i++) {
		if (i >= count)
			break;
		if (is_conntrack(generic_of(net, i))) {
			stamp.conntrack = i;
			break;
		}
	}
}

SEC("xdp")
int wirewall_stamp(struct xdp_md *ctx)
{
	struct net_device *dev = device_of(ctx);

	if (!dev)
		return XDP_PASS;

	const struct net *net = dev->nd_net.net;
	__u64 name = (__u64)dev + bpf_core_field_offset(dev->name);

	stamp.netns = net->net_cookie;
	stamp.name[0] = word_at(name);
	stamp.name[1] = word_at(name + 8);
	stamp.ifindex = dev->ifindex;
	stamp.is_vrf_port = is_vrf_port(dev);
	stamp.logs_invalid = logs_invalid(net);
	stamp.logs_martians = logs_martians(dev);
	take_family(net, false);
	take_family(net, true);
	find_conntrack(net);

	stamp.askable = WIRE_CHECK_INTERFACE | WIRE_CHECK_LOG_INVALID |
			WIRE_CHECK_LOG_MARTIANS;
	if (are_known(false))
		stamp.askable |= WIRE_CHECK_HOOKS_IPV4;
	if (are_known(true))
		stamp.askable |= WIRE_CHECK_HOOKS_IPV6;
	if (stamp.conntrack)
		stamp.askable |= WIRE_CHECK_EXPECTATIONS;
	return XDP_PASS;
}

char stamp_license[] SEC("license") = "GPL";

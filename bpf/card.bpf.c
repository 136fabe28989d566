// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frame of programs that run on a card: the same steps as
 * bpf/frame.bpf.c, without what a card has not. It knows no connection, no
 * route and no device, so that a drop rests on the packet and on what the plan
 * fixed (soundness.md 2.2; offload/card.c).
 *
 * What the card demands (nfp of Linux 6.1, drivers/net/ethernet/netronome/nfp/
 * bpf/): of the context only data and data_end (jit.c, mem_ldx_xdp()); maps of
 * type ARRAY or HASH without flags (offload.c, nfp_bpf_map_alloc()), so no
 * global data; their keys on the stack at constant offsets that are multiples
 * of 4, values never stored to, counters added to and not read (verifier.c);
 * no store of an immediate, also not into the packet (jit.c), so -mcpu=v3.
 */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/wire.h"
#include "bpf/parse.bpf.h"
#include "bpf/proto.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct wire_outcome));
} outcomes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u64));
} wirewall_drops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct wire_switch));
} wirewall_switch SEC(".maps");

/* Stands for the emitted code, as in bpf/frame.bpf.c: must be the last. */
static __attribute__((noinline)) int classify(struct wire_header *header)
{
	return header->class == WIRE_CLASS_COUNT;
}

/* A value of the plan: bpf/splice.c puts it into the instruction. */
#define CONSTANT(id)                                                           \
	({                                                                     \
		__u64 constant;                                                \
		asm("%0 = %1 ll"                                               \
		    : "=r"(constant)                                           \
		    : "i"(WIRE_CONSTANT_MARK | WIRE_CONSTANT_##id));           \
		constant;                                                      \
	})

static __always_inline bool is_within_frame(struct xdp_md *ctx, __u32 length)
{
	return sizeof(struct ethhdr) + length <=
	       (__u64)ctx->data_end - ctx->data;
}

/* Is the frame for the interface's own address, or for a group? (2.2, 7) */
static __always_inline bool is_addressed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data,
	     *end = (void *)(long)ctx->data_end;
	const struct ethhdr *eth = data;

	if ((void *)(eth + 1) > end)
		return false;
	return eth->h_dest[0] & 1 ||
	       (*(__u32 *)eth->h_dest == CONSTANT(MAC_HEAD) &&
		*(__u16 *)(eth->h_dest + 4) == CONSTANT(MAC_TAIL));
}

/* S: the states that the packet may be in, by its protocol alone. */
static __always_inline __u32 possible_states(const struct wire_header *header)
{
	bool may_expect = CONSTANT(MAY_EXPECT);

	switch (header->class) {
	case WIRE_IPV4:
		if (header->proto == IPPROTO_ICMP)
			return icmp_states(header->icmp >> 8, may_expect);
		break;
	case WIRE_IPV6:
		if (header->proto == IPPROTO_ICMPV6)
			return icmpv6_states(header->icmp >> 8, may_expect);
		break;
	default:
		return WIRE_STATES_ALL;
	}
	if (header->proto == IPPROTO_TCP && is_syn(header))
		return CONSTANT(SYN_STATES);
	return WIRE_STATES_ALL;
}

/* Has somebody seen the host change (bpf/switch.h)? */
static __always_inline bool is_stopped(void)
{
	const __u32 first = 0;
	const struct wire_switch *found =
		bpf_map_lookup_elem(&wirewall_switch, &first);

	return !found || found->is_stopped;
}

/*
 * Does this packet, which the host would log, go up (--log-sample)? Chance says
 * so; the program behind the card keeps to the rate. Not every card can draw:
 * where no log lines are given up the call is taken out (bpf/splice.c).
 */
static __always_inline bool is_sample(void)
{
	return (bpf_get_prandom_u32() & (WIRE_CARD_SAMPLES - 1)) == 0;
}

static __always_inline void count(__u32 rule)
{
	__u64 *drops = bpf_map_lookup_elem(&wirewall_drops, &rule);

	if (drops)
		__sync_fetch_and_add(drops, 1);
}

SEC("xdp/wirewall") /* SPLICE_SECTION */
int wirewall(struct xdp_md *ctx)
{
	struct wire_header header = {};

	if (!is_addressed(ctx) || !parse(ctx, &header, false))
		return XDP_PASS;

	__u32 id = classify(&header);
	if (id == 0)
		return XDP_PASS;

	const struct wire_outcome *outcome =
		bpf_map_lookup_elem(&outcomes, &id);
	if (!outcome)
		return XDP_PASS;

	__u32 states = possible_states(&header);
	if (states & ~(outcome->drop | outcome->logged) || is_stopped())
		return XDP_PASS;
	if (states & ~outcome->drop && is_sample())
		return XDP_PASS;
	count(outcome->rules[WIRE_PREROUTING]);
	return XDP_DROP;
}

char card_license[] SEC("license") = "GPL";

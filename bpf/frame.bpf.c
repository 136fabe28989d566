// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of a program that does not depend on the rules: take a packet
 * apart, let the spliced-in classifier find its outcome, see what routing and
 * the receiving device say to it, and drop. Whatever is in doubt passes
 * (soundness.md 2.2; the numbers below are its items).
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/wire.h"
#include "bpf/options.bpf.h"
#include "bpf/parse.bpf.h"
#include "bpf/sets.bpf.h"
#include "bpf/device.bpf.h"
#include "bpf/route.bpf.h"
#include "bpf/sample.bpf.h"
#include "bpf/state.bpf.h"
#include "bpf/tap.bpf.h"
#include "bpf/unchanged.bpf.h"

const volatile struct wire_settings settings = {};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct wire_outcome);
} outcomes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} wirewall_drops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct wire_meta);
} wirewall_meta SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct wire_switch);
} wirewall_switch SEC(".maps");

/* As wide as it is, constants end as their struct in the skeleton does. */
const volatile __u64 can_expire = 0;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} wirewall_expiry SEC(".maps");

static __always_inline bool is_within_frame(struct xdp_md *ctx, __u32 length)
{
	__u32 end = sizeof(struct ethhdr) + length;

	if (end <= (__u64)ctx->data_end - ctx->data)
		return true;
	/* It may go on in further buffers (xdp.frags, 5.18). */
	return bpf_core_enum_value_exists(enum bpf_func_id,
					  BPF_FUNC_xdp_get_buff_len) &&
	       end <= bpf_xdp_get_buff_len(ctx);
}

/*
 * Stands for the code that is emitted from the rules and replaces this body at
 * load (bpf/splice.c), which therefore must be the last of the program.
 */
static __attribute__((noinline)) int classify(struct wire_header *header)
{
	return header->class == WIRE_CLASS_COUNT;
}

/*
 * classify() ends in many places, each with a constant. By way of memory they
 * become one unknown number, and the verifier walks what follows once instead
 * of once for each (it does not track values on the stack that are neither 0
 * nor aligned to 8 bytes).
 */
static __always_inline __u32 classify_once(struct wire_header *header)
{
	volatile __u32 outcome[2] __attribute__((aligned(8)));

	outcome[1] = classify(header);
	return outcome[1];
}

/* Does the host drop at this stage, whichever of the states it is? */
static __always_inline bool drops_at(__u32 worlds, enum wire_stage stage,
				     __u32 states)
{
	__u32 dropped = worlds >> (stage * WIRE_STATE_COUNT);

	return (states & ~dropped) == 0;
}

/*
 * Is there a stage that drops in some states only? If not, the state does not
 * matter, and connection tracking need not be asked.
 */
static __always_inline bool depends_on_state(__u32 worlds)
{
	for (int stage = 0; stage < WIRE_STAGE_COUNT; stage++) {
		__u32 dropped =
			worlds >> (stage * WIRE_STATE_COUNT) & WIRE_STATES_ALL;

		if (dropped != 0 && dropped != WIRE_STATES_ALL)
			return true;
	}
	return false;
}

/*
 * The stage at which the host surely drops the packet, or WIRE_STAGE_COUNT.
 * INPUT or FORWARD is what routing decides (2.2, 2). @worlds: those in which it
 * does; *@possible: the states that the packet may be in.
 */
static __always_inline enum wire_stage
deciding_stage(struct xdp_md *ctx, const struct wire_header *header,
	       __u32 worlds, __u32 *possible)
{
	__u32 states = WIRE_STATES_ALL;

	if (drops_at(worlds, WIRE_PREROUTING, states))
		return WIRE_PREROUTING;
	if (depends_on_state(worlds))
		*possible = states = possible_states(ctx, header, &settings);
	if (drops_at(worlds, WIRE_PREROUTING, states))
		return WIRE_PREROUTING;

	struct drops drops = {
		.input = drops_at(worlds, WIRE_INPUT, states),
		.forward = !settings.is_marked_routing &&
			   drops_at(worlds, WIRE_FORWARD, states),
		.only_sure = settings.is_marked_routing,
		.has_plain_routes = settings.has_plain_routes,
	};
	if (!drops.input && !drops.forward)
		return WIRE_STAGE_COUNT;
	return route(ctx, header, drops);
}

/* Has somebody seen the host change, or does nobody look (bpf/switch.h)? */
static __always_inline bool is_stopped(void)
{
	const __u32 first = 0;
	const struct wire_switch *found =
		bpf_map_lookup_elem(&wirewall_switch, &first);

	if (!found || found->is_stopped)
		return true;
	return settings.needs_watcher && bpf_ktime_get_ns() >= found->until;
}

/* Has nobody confirmed it in time, nor taken it off (bpf/expiry.h)? */
static __always_inline bool is_expired(void)
{
	const __u32 first = 0;

	if (!can_expire)
		return false;

	const __u64 *until = bpf_map_lookup_elem(&wirewall_expiry, &first);
	return !until || (*until && bpf_ktime_get_ns() >= *until);
}

static __always_inline void count(__u32 rule)
{
	__u64 *drops = bpf_map_lookup_elem(&wirewall_drops, &rule);

	if (drops)
		*drops += 1;
}

SEC("xdp/wirewall") /* SPLICE_SECTION */
int wirewall(struct xdp_md *ctx)
{
	struct wire_header header = {};

	if (!parse(ctx, &header, settings.strict_fragments))
		return XDP_PASS;
	if (settings.reads_mss && !read_mss(ctx, &header))
		return XDP_PASS;
	if (!ask_sets(&header))
		return XDP_PASS;

	__u32 id = classify_once(&header);
	if (id == 0)
		return XDP_PASS;

	const struct wire_outcome *outcome =
		bpf_map_lookup_elem(&outcomes, &id);
	if (!outcome)
		return XDP_PASS;

	__u32 states = WIRE_STATES_ALL;
	enum wire_stage stage =
		deciding_stage(ctx, &header, outcome->drop | outcome->logged,
			       &states);
	if (stage >= WIRE_STAGE_COUNT)
		return XDP_PASS;
	if (!settings.skip_device_check && !is_only_receiver(ctx))
		return XDP_PASS;
	if (!is_unchanged(ctx, &settings, header.class == WIRE_IPV6, stage))
		return XDP_PASS;
	if (settings.log_rate && !drops_at(outcome->drop, stage, states) &&
	    is_sample(settings.log_rate))
		return XDP_PASS;
	if (settings.strict_conntrack && may_be_known(ctx, &header, &settings))
		return XDP_PASS;
	if (is_stopped() || is_expired())
		return XDP_PASS;
	count(outcome->rules[stage]);
	sample(ctx, outcome->rules[stage], stage, states);
	return settings.is_shadow ? XDP_PASS : XDP_DROP;
}

char frame_license[] SEC("license") = "GPL";

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the frame (bpf/frame.bpf.c, built by clang) and the code that depends
 * on the rules (emitted in-process, bpf/program.c) agree on. Also compiled for
 * BPF: only fixed-width types, no libc.
 */
#include <linux/types.h>

/* What kind of packet it is: each has its own list of regions. */
enum wire_class {
	WIRE_IPV4,     /* a whole IPv4 packet without options */
	WIRE_FRAGMENT, /* an IPv4 fragment, first or not, without options */
	WIRE_IPV6,     /* a whole IPv6 packet without extension headers */
	WIRE_CLASS_COUNT,
};

#define WIRE_NO_MSS 0x10000 /* TCP_NO_MSS of rules/tcp_options.h */

/* Questions about sets of ipset: SET_QUESTIONS_MAX of rules/ruleset.h. */
#define WIRE_QUESTIONS_MAX 8

/*
 * The header fields that the emitted classifier reads, in host order. Written
 * by the frame on its stack, only after every byte was checked to be there and
 * to lie within the packet's own length. Fields that the packet's protocol
 * does not have are 0: conditions on them always stand behind one on proto.
 */
struct wire_header {
	__u64 saddr_hi, saddr_lo; /* IPv4: lo, hi is 0 */
	__u64 daddr_hi, daddr_lo;
	__u64 smac;
	__u16 sport, dport;
	__u16 icmp;   /* type << 8 | code */
	__u16 length; /* network header and payload, from the header */
	__u8 class;   /* enum wire_class */
	__u8 proto;
	__u8 tcp_flags; /* CWR ECE URG ACK PSH RST SYN FIN, as on the wire */
	__u8 ttl;
	__u8 tos;
	__u8 pkt_type; /* PACKET_HOST, PACKET_BROADCAST, PACKET_MULTICAST */
	__u8 pad[6];
	__u32 mss; /* of TCP, where settings.reads_mss; WIRE_NO_MSS: no option */
	/* Is it in the set that question i of the rules asks for? 0 or 1. */
	__u8 sets[WIRE_QUESTIONS_MAX];
};

/*
 * What the classifier returns is an index into the array map `outcomes`; 0
 * means pass. Many regions share one outcome.
 */
struct wire_outcome {
	__u16 drop;	/* worlds_t of rules/flatten.h: stage * 5 + state */
	__u16 logged;	/* dropped, too, but logged before */
	__u32 rules[3]; /* per stage: index into the map of drop counters */
};

enum wire_stage { /* enum stage of rules/flatten.h */
		  WIRE_PREROUTING,
		  WIRE_INPUT,
		  WIRE_FORWARD,
		  WIRE_STAGE_COUNT,
};

/* Connection states: enum ct_state of rules/ruleset.h. */
#define WIRE_NEW	 0x01
#define WIRE_ESTABLISHED 0x02
#define WIRE_RELATED	 0x04
#define WIRE_INVALID	 0x08
#define WIRE_UNTRACKED	 0x10
#define WIRE_STATES_ALL	 0x1f
#define WIRE_STATE_COUNT 5

/*
 * What no lookup rules out: tracking may find any packet invalid, and rules
 * may take it out of tracking.
 */
#define WIRE_ALWAYS (WIRE_INVALID | WIRE_UNTRACKED)

/* A function on one of netfilter's hooks. */
struct wire_hook {
	__u64 function, context;
	__u64 chain, table; /* of nftables: handles, which are not used twice */
	__s32 priority;
	__u32 is_nft;
};

#define WIRE_HOOKS_MAX 16

struct wire_hooks {
	__u32 count; /* WIRE_HOOKS_UNKNOWN: more than WIRE_HOOKS_MAX */
	__u32 pad;
	struct wire_hook items[WIRE_HOOKS_MAX];
};
#define WIRE_HOOKS_UNKNOWN (WIRE_HOOKS_MAX + 1)

enum wire_hook_list { /* the first three as in enum wire_stage */
		      WIRE_HOOKS_PREROUTING,
		      WIRE_HOOKS_INPUT,
		      WIRE_HOOKS_FORWARD,
		      WIRE_HOOKS_NAT, /* those that translate at PREROUTING */
		      WIRE_HOOKS_COUNT,
};

/*
 * What a plan takes for granted of an interface and its host and no packet
 * tells. Taken before the plan is made, compared before each drop.
 */
struct wire_stamp {
	__u64 netns; /* its cookie, which is not used twice */
	__u64 name[2];
	__u32 ifindex;
	__u32 askable;	    /* WIRE_CHECK_*: what can be compared at all */
	__u32 conntrack;    /* number in struct net_generic; 0: not known */
	__u8 is_vrf_port;   /* no drop: rules see it as another interface */
	__u8 logs_invalid;  /* sysctls: where they are set there is no drop, */
	__u8 logs_martians; /* unless the plan has reckoned with it */
	__u8 pad[3];
	/* Where in the list of PREROUTING addresses are translated, counted
	 * from 1; 0: nowhere. */
	__u8 nat[2];
	struct wire_hooks hooks[2][WIRE_HOOKS_COUNT]; /* IPv4, IPv6 */
};

/* Facts that a program looks at again before it drops a packet. */
enum wire_check {
	WIRE_CHECK_INTERFACE = 1 << 0,
	WIRE_CHECK_HOOKS_IPV4 = 1 << 1,
	WIRE_CHECK_HOOKS_IPV6 = 1 << 2,
	WIRE_CHECK_LOG_INVALID = 1 << 3,
	WIRE_CHECK_LOG_MARTIANS = 1 << 4,
	WIRE_CHECK_EXPECTATIONS = 1 << 5,
};

/*
 * A zone of connection tracking, and the direction in which connections are in
 * it (CT --zone, --zone-orig, --zone-reply).
 */
struct wire_zone {
	__u16 id;
	__u8 dir; /* enum nf_ct_zone_dir: 1 original, 2 reply, 3 both */
	__u8 pad;
};

#define WIRE_ZONES_MAX 4
#define WIRE_ZONE_BOTH 3 /* NF_CT_DEFAULT_ZONE_DIR */

/* Per-program settings, in the frame's .rodata. */
struct wire_settings {
	__u8 strict_fragments; /* fragments pass */
	/*
	 * Trust the operator that no other receiver (bridge, VLAN, tc ingress,
	 * ...) takes packets off this interface: no per-packet check.
	 */
	__u8 skip_device_check;
	/* Rules change what routing reads (marks, TOS, TTL): the routing table
	 * tells only where everything is local. */
	__u8 is_marked_routing;
	/* Ask connection tracking about packets whose state matters. */
	__u8 has_lookup;
	/* A packet of no known connection may be expected by another one; if
	 * not, WIRE_CHECK_EXPECTATIONS may still find that it may be. */
	__u8 may_expect;
	/* Packets of any known connection pass, so that their entries are
	 * refreshed and closed as without us. */
	__u8 strict_conntrack;
	/* Judge and count, but drop nothing. */
	__u8 is_shadow;
	/* Cards: an assumption about TCP SYN without ACK, that none of them
	 * belongs to an established connection. */
	__u8 syn_is_new;
	/* Cards: frames for others pass. */
	__u8 mac[6];
	__u8 checks; /* WIRE_CHECK_* */
	/* No route or rule makes an exception for single destinations. */
	__u8 has_plain_routes;
	/* Rules ask for the option of TCP that tells the segment size. */
	__u8 reads_mss;
	/* So many packets per second that the host would log go up, the others
	 * are dropped; 0: there are none to drop. Cards, which have no clock,
	 * let one in WIRE_CARD_SAMPLES go up to the program behind them. */
	__u32 log_rate;
	/* Something that drops rest on is seen by the watcher alone: drop only
	 * while it says that it looks (struct wire_switch). */
	__u32 needs_watcher;
	/* IPv4, IPv6: tracking looks a packet up in one of these zones, and the
	 * program in all. Both counts are 0 when there is the usual one only. */
	__u32 zone_count[2];
	struct wire_zone zones[2][WIRE_ZONES_MAX];
	struct wire_stamp stamp;
};

/*
 * A card has no .rodata: settings are constants of its code. The frame loads
 * marked numbers of 64 bits, and bpf/splice.c replaces each by its value.
 */
#define WIRE_CONSTANT_MARK 0x7769726500000000

#define WIRE_CARD_SAMPLES 64 /* a power of 2 */

enum wire_constant {
	WIRE_CONSTANT_MAC_HEAD, /* the first 4 bytes as a __u32 of them */
	WIRE_CONSTANT_MAC_TAIL, /* the other 2, as a __u16 */
	WIRE_CONSTANT_MAY_EXPECT,
	WIRE_CONSTANT_SYN_STATES, /* WIRE_NEW, ...: of a TCP SYN without ACK */
	WIRE_CONSTANT_COUNT,
};

/*
 * How `status`, `stats` and `off` know our programs without any file: the
 * program's name, and the first element of its array map `wirewall_meta`.
 */
#define WIRE_PROGRAM_NAME "wirewall"
#define WIRE_META_NAME	  "wirewall_meta"
#define WIRE_DROPS_NAME	  "wirewall_drops" /* PERCPU_ARRAY of __u64 */
#define WIRE_SWITCH_NAME  "wirewall_switch"
#define WIRE_EXPIRY_NAME  "wirewall_expiry" /* see below */
#define WIRE_TAP_NAME	  "wirewall_tap"
#define WIRE_SAMPLES_NAME "wirewall_taken" /* RINGBUF of wire_sample */
#define WIRE_META_MAGIC	  0x77697265u	   /* "wire" */
#define WIRE_META_VERSION 1

struct wire_meta {
	__u32 magic;
	__u32 version;
	__u32 rule_count; /* counters in use */
	__u32 tier;	  /* enum tier it was loaded for */
	__u8 digest[32];  /* of the plan, for joining with /run/wirewall */
	__u32 has_frags;  /* loaded for packets of several buffers */
	__u32 is_shadow;  /* counts what it would drop */
};

/*
 * The first element of the array map `wirewall_switch`, which is asked for
 * each packet about to be dropped: a stopped program passes everything, at
 * once and without being replaced.
 */
struct wire_switch {
	__u32 is_stopped;
	__u32 pad;
	__u64 when;    /* of the last change, in seconds since 1970 */
	__u64 until;   /* the watcher looks, by bpf_ktime_get_ns() */
	__u64 planned; /* the watcher's mark of what it planned for, 0: none */
};

/*
 * Only of programs that were attached to be confirmed: the array map
 * `wirewall_expiry` has one __u64, the moment by bpf_ktime_get_ns() from which
 * on the program passes everything; 0: never. A map of its own, because others
 * than those who write `wirewall_switch` do.
 */

/*
 * The first element of the array map `wirewall_tap`: who reads samples holds it
 * open for a moment at a time, so that nothing is sampled when nobody reads.
 */
struct wire_tap {
	__u64 until;  /* bpf_ktime_get_ns() */
	__u32 every;  /* one packet of so many; 0 as 1 */
	__u32 reader; /* its process */
};

#define WIRE_SAMPLE_MAX 128 /* headers of a packet, and a little more */

/* A packet that was dropped, or would have been. */
struct wire_sample {
	__u64 when;   /* bpf_ktime_get_ns() */
	__u32 rule;   /* its counter */
	__u32 length; /* of the frame */
	__u16 captured;
	__u8 stage;  /* enum wire_stage */
	__u8 states; /* WIRE_NEW, ...: those that it may have been in */
	__u32 pad;
	__u8 frame[WIRE_SAMPLE_MAX];
};

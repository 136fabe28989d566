// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card's processor: it runs the BPF instructions, not the code that the
 * driver's JIT made of them. Counters behind an atomic add are kept big-endian,
 * word by word, as the card's atomic engine keeps them (the driver swaps them
 * back: offload.c, nfp_map_bpf_byte_swap()).
 *
 * The kernel's verifier has seen the program: no access is out of bounds.
 */
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/math64.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <asm/unaligned.h>
#include <bpf/main.h>

#include "tests/hw/nfpsim/sim.h"

#define CONTEXT	   0x7e57000000000000ULL /* the address of the xdp_md */
#define STEPS_MAX  100000
#define FRAMES_MAX 8
#define STACK_SIZE 512

struct frame {
	int return_to;
	u64 saved[4]; /* r6 to r9 */
	u64 r10;
};

struct state {
	u64 r[MAX_BPF_REG];
	int pc, depth;
	struct frame frames[FRAMES_MAX];
	u8 stack[FRAMES_MAX][STACK_SIZE];
};

static u64 load(u64 from, u8 size)
{
	switch (size) {
	case BPF_B:
		return *(u8 *)from;
	case BPF_H:
		return get_unaligned((u16 *)from);
	case BPF_W:
		return get_unaligned((u32 *)from);
	default:
		return get_unaligned((u64 *)from);
	}
}

static void store(u64 to, u8 size, u64 value)
{
	switch (size) {
	case BPF_B:
		*(u8 *)to = value;
		break;
	case BPF_H:
		put_unaligned((u16)value, (u16 *)to);
		break;
	case BPF_W:
		put_unaligned((u32)value, (u32 *)to);
		break;
	default:
		put_unaligned(value, (u64 *)to);
	}
}

static bool is_context(u64 address)
{
	return (address & ~0xffffULL) == CONTEXT;
}

static u64 context_load(const struct sim_packet *packet, u64 offset)
{
	switch (offset) {
	case offsetof(struct xdp_md, data):
		return (u64)packet->data;
	case offsetof(struct xdp_md, data_end):
		return (u64)packet->data_end;
	case offsetof(struct xdp_md, rx_queue_index):
		return packet->rx_queue;
	}
	return 0;
}

static void add_to_counter(u64 to, u8 size, u64 value)
{
	__be32 *words = (__be32 *)to;

	value += be32_to_cpu(words[0]);
	if (size == BPF_DW)
		value += (u64)be32_to_cpu(words[1]) << 32;
	words[0] = cpu_to_be32((u32)value);
	if (size == BPF_DW)
		words[1] = cpu_to_be32(value >> 32);
}

static struct sim_map *map_of(u64 r)
{
	struct bpf_offloaded_map *map = map_to_offmap((struct bpf_map *)r);

	return sim_map(((struct nfp_bpf_map *)map->dev_priv)->tid);
}

static s64 adjust_head(struct sim_packet *packet, s32 by)
{
	u8 *to = packet->data + by;

	if (to < packet->hard_start || to > packet->data_end - ETH_HLEN)
		return -EINVAL;
	packet->data = to;
	return 0;
}

static s64 adjust_tail(struct sim_packet *packet, s32 by)
{
	u8 *to = packet->data_end + by;

	if (by >= 0 || to < packet->data + ETH_HLEN)
		return -EINVAL;
	packet->data_end = to;
	return 0;
}

static u64 call(struct sim_packet *packet, u32 id, const u64 *r)
{
	switch (id) {
	case BPF_FUNC_map_lookup_elem:
		return (u64)sim_map_lookup(map_of(r[1]), (void *)r[2]);
	case BPF_FUNC_map_update_elem:
		return sim_map_update(map_of(r[1]), (void *)r[2], (void *)r[3],
				      r[4]);
	case BPF_FUNC_map_delete_elem:
		return sim_map_delete(map_of(r[1]), (void *)r[2]);
	case BPF_FUNC_get_prandom_u32:
		return get_random_u32();
	case BPF_FUNC_perf_event_output:
		sim_event(packet->app, ((struct bpf_map *)r[2])->id,
			  (void *)r[4], r[5], packet->data,
			  min_t(u32, (r[3] & BPF_F_CTXLEN_MASK) >> 32,
				packet->data_end - packet->data));
		return 0;
	case BPF_FUNC_xdp_adjust_head:
		return adjust_head(packet, r[2]);
	case BPF_FUNC_xdp_adjust_tail:
		return adjust_tail(packet, r[2]);
	}
	return -EINVAL;
}

static u64 byte_swap(u64 value, int bits, bool to_be)
{
	switch (bits) {
	case 16:
		return to_be ? (u16)cpu_to_be16(value) : (u16)value;
	case 32:
		return to_be ? (u32)cpu_to_be32(value) : (u32)value;
	}
	return to_be ? cpu_to_be64(value) : value;
}

static u64 arithmetic(u8 op, u64 d, u64 s, bool is64)
{
	int bits = is64 ? 63 : 31;

	if (!is64) {
		d = (u32)d;
		s = (u32)s;
	}
	switch (op) {
	case BPF_ADD:
		return d + s;
	case BPF_SUB:
		return d - s;
	case BPF_MUL:
		return d * s;
	case BPF_DIV:
		return s ? div64_u64(d, s) : 0;
	case BPF_OR:
		return d | s;
	case BPF_AND:
		return d & s;
	case BPF_XOR:
		return d ^ s;
	case BPF_NEG:
		return -d;
	case BPF_LSH:
		return d << (s & bits);
	case BPF_RSH:
		return d >> (s & bits);
	case BPF_ARSH:
		return is64 ? (s64)d >> (s & bits) : (s32)d >> (s & bits);
	}
	return s; /* BPF_MOV */
}

static bool compare(u8 op, u64 d, u64 s, bool is64)
{
	s64 sd = is64 ? (s64)d : (s32)d, ss = is64 ? (s64)s : (s32)s;

	if (!is64) {
		d = (u32)d;
		s = (u32)s;
	}
	switch (op) {
	case BPF_JEQ:
		return d == s;
	case BPF_JNE:
		return d != s;
	case BPF_JGT:
		return d > s;
	case BPF_JGE:
		return d >= s;
	case BPF_JLT:
		return d < s;
	case BPF_JLE:
		return d <= s;
	case BPF_JSET:
		return d & s;
	case BPF_JSGT:
		return sd > ss;
	case BPF_JSGE:
		return sd >= ss;
	case BPF_JSLT:
		return sd < ss;
	case BPF_JSLE:
		return sd <= ss;
	}
	return true; /* BPF_JA */
}

static u64 source(const struct state *at, const struct bpf_insn *insn)
{
	return BPF_SRC(insn->code) == BPF_X ? at->r[insn->src_reg]
					    : (u64)(s64)insn->imm;
}

static void do_alu(struct state *at, const struct bpf_insn *insn)
{
	bool is64 = BPF_CLASS(insn->code) == BPF_ALU64;
	u64 *d = &at->r[insn->dst_reg];

	if (BPF_OP(insn->code) == BPF_END)
		*d = byte_swap(*d, insn->imm, BPF_SRC(insn->code) == BPF_TO_BE);
	else
		*d = arithmetic(BPF_OP(insn->code), *d, source(at, insn), is64);
	if (!is64 && BPF_OP(insn->code) != BPF_END)
		*d = (u32)*d;
}

static void do_load(struct state *at, const struct bpf_insn *insn,
		    const struct sim_packet *packet)
{
	u64 from = at->r[insn->src_reg] + insn->off;

	at->r[insn->dst_reg] = is_context(at->r[insn->src_reg])
				       ? context_load(packet, from - CONTEXT)
				       : load(from, BPF_SIZE(insn->code));
}

static void do_store(struct state *at, const struct bpf_insn *insn,
		     struct sim_packet *packet)
{
	u64 to = at->r[insn->dst_reg] + insn->off;
	u64 value = BPF_CLASS(insn->code) == BPF_ST ? (u64)(s64)insn->imm
						    : at->r[insn->src_reg];

	if (is_context(at->r[insn->dst_reg])) {
		if (to - CONTEXT == offsetof(struct xdp_md, rx_queue_index))
			packet->rx_queue = value;
	} else if (BPF_CLASS(insn->code) == BPF_STX &&
		   BPF_MODE(insn->code) == BPF_ATOMIC) {
		add_to_counter(to, BPF_SIZE(insn->code), value);
	} else {
		store(to, BPF_SIZE(insn->code), value);
	}
}

static void enter(struct state *at, int offset)
{
	struct frame *frame = &at->frames[at->depth++];

	frame->return_to = at->pc;
	memcpy(frame->saved, &at->r[BPF_REG_6], sizeof(frame->saved));
	frame->r10 = at->r[BPF_REG_10];
	at->r[BPF_REG_10] = (u64)&at->stack[at->depth] + STACK_SIZE;
	at->pc += offset;
}

static void leave(struct state *at)
{
	struct frame *frame = &at->frames[--at->depth];

	at->pc = frame->return_to;
	memcpy(&at->r[BPF_REG_6], frame->saved, sizeof(frame->saved));
	at->r[BPF_REG_10] = frame->r10;
}

/* false: the program is at its end. */
static bool do_jump(struct state *at, const struct bpf_insn *insn,
		    struct sim_packet *packet)
{
	bool is64 = BPF_CLASS(insn->code) == BPF_JMP;
	u8 op = BPF_OP(insn->code);

	if (is64 && op == BPF_EXIT) {
		if (!at->depth)
			return false;
		leave(at);
	} else if (is64 && op == BPF_CALL) {
		if (insn->src_reg != BPF_PSEUDO_CALL) {
			at->r[0] = call(packet, insn->imm, at->r);
			memset(&at->r[1], 0, 5 * sizeof(u64));
		} else if (at->depth == FRAMES_MAX - 1) {
			at->r[0] = XDP_ABORTED;
			return false;
		} else {
			enter(at, insn->imm);
		}
	} else if (compare(op, at->r[insn->dst_reg], source(at, insn), is64)) {
		at->pc += insn->off;
	}
	return true;
}

/* false: the program is at its end. */
static bool step(struct state *at, const struct sim_program *program,
		 struct sim_packet *packet)
{
	const struct bpf_insn *insn = &program->insns[at->pc++];

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		do_alu(at, insn);
		return true;
	case BPF_LD: /* a constant of 64 bits, or a map */
		at->r[insn->dst_reg] = (u32)insn->imm | (u64)(u32)insn[1].imm
								<< 32;
		at->pc++;
		return true;
	case BPF_LDX:
		do_load(at, insn, packet);
		return true;
	case BPF_ST:
	case BPF_STX:
		do_store(at, insn, packet);
		return true;
	default:
		return do_jump(at, insn, packet);
	}
}

u32 sim_exec(const struct sim_program *program, struct sim_packet *packet)
{
	struct state *at = kzalloc(sizeof(*at), GFP_ATOMIC);
	u32 code = XDP_ABORTED;
	int steps;

	if (!at)
		return code;
	at->r[BPF_REG_1] = CONTEXT;
	at->r[BPF_REG_10] = (u64)&at->stack[0] + STACK_SIZE;
	for (steps = 0; steps < STEPS_MAX; steps++)
		if (!step(at, program, packet)) {
			code = at->r[0];
			break;
		}
	kfree(at);
	return code;
}

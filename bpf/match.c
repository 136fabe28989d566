// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <stddef.h>

#include "bpf/code.h"
#include "bpf/match.h"
#include "bpf/wire.h"

enum {
	REG_HEADER = BPF_REG_1,
	REG_FIELD = BPF_REG_2,
	REG_OTHER = BPF_REG_3,
	REG_WORD = BPF_REG_4,
};

#define NOWHERE (-1)

/* Where a field is in struct wire_header. */
static const struct slot {
	uint8_t size;
	int16_t low, high; /* the 64-bit words of a wide one */
} slots[FIELD_COUNT] = {
#define AT(member) offsetof(struct wire_header, member)
	[FIELD_PROTO] = { BPF_B, AT(proto), NOWHERE },
	[FIELD_SADDR] = { BPF_DW, AT(saddr_lo), AT(saddr_hi) },
	[FIELD_DADDR] = { BPF_DW, AT(daddr_lo), AT(daddr_hi) },
	[FIELD_SPORT] = { BPF_H, AT(sport), NOWHERE },
	[FIELD_DPORT] = { BPF_H, AT(dport), NOWHERE },
	[FIELD_TCP_FLAGS] = { BPF_B, AT(tcp_flags), NOWHERE },
	[FIELD_MSS] = { BPF_W, AT(mss), NOWHERE },
	[FIELD_ICMP] = { BPF_H, AT(icmp), NOWHERE },
	[FIELD_LENGTH] = { BPF_H, AT(length), NOWHERE },
	[FIELD_TTL] = { BPF_B, AT(ttl), NOWHERE },
	[FIELD_TOS] = { BPF_B, AT(tos), NOWHERE },
	[FIELD_PKT_TYPE] = { BPF_B, AT(pkt_type), NOWHERE },
	[FIELD_SMAC] = { BPF_DW, AT(smac), NOWHERE },
	[FIELD_SET0] = { BPF_B, AT(sets[0]), NOWHERE },
	[FIELD_SET1] = { BPF_B, AT(sets[1]), NOWHERE },
	[FIELD_SET2] = { BPF_B, AT(sets[2]), NOWHERE },
	[FIELD_SET3] = { BPF_B, AT(sets[3]), NOWHERE },
	[FIELD_SET4] = { BPF_B, AT(sets[4]), NOWHERE },
	[FIELD_SET5] = { BPF_B, AT(sets[5]), NOWHERE },
	[FIELD_SET6] = { BPF_B, AT(sets[6]), NOWHERE },
	[FIELD_SET7] = { BPF_B, AT(sets[7]), NOWHERE },
#undef AT
};

/* One interval after the other; the field shrinks by what was passed. */
static void test_intervals(struct code *code, const struct set *set,
			   uint32_t miss)
{
	uint32_t hit = code_label(code), base = 0;

	for (size_t i = 0; i < set->count; i++) {
		uint32_t min = set->intervals[i].min;
		uint32_t span = set->intervals[i].max - min;
		bool is_last = i + 1 == set->count;

		if (span == 0) {
			code_branch(code, CODE_32, is_last ? BPF_JNE : BPF_JEQ,
				    REG_FIELD, min - base,
				    is_last ? miss : hit);
			continue;
		}
		if (min != base)
			code_math(code, CODE_32, BPF_SUB, REG_FIELD,
				  min - base);
		base = min;
		code_branch(code, CODE_32, is_last ? BPF_JGT : BPF_JLE,
			    REG_FIELD, span, is_last ? miss : hit);
	}
	code_place(code, hit);
}

/* The values of a byte that are in a set, as bits. */
struct byte_bits {
	uint64_t words[4];
	unsigned int count;
	uint8_t all_and, all_or; /* of the values */
};

static struct byte_bits byte_bits(const struct set *set, bool is_inside)
{
	struct byte_bits bits = { .all_and = 0xff };

	for (unsigned int v = 0; v < 256; v++) {
		if (set_has(set, v) != is_inside)
			continue;
		bits.words[v / 64] |= 1ULL << v % 64;
		bits.count++;
		bits.all_and &= v;
		bits.all_or |= v;
	}
	return bits;
}

/* Are these all values that have some bits in common, `value & mask`? */
static bool is_masked(const struct byte_bits *bits)
{
	unsigned int open = bits->all_and ^ bits->all_or;

	return bits->count == 1U << __builtin_popcount(open);
}

static void test_mask(struct code *code, const struct byte_bits *bits,
		      uint8_t op, uint32_t miss)
{
	code_math(code, CODE_32, BPF_AND, REG_FIELD,
		  0xff & ~(bits->all_and ^ bits->all_or));
	code_branch(code, CODE_32, op, REG_FIELD, bits->all_and, miss);
}

/* Choose the word by the upper two bits, then the bit by the lower six. */
static void test_bitmap(struct code *code, const struct byte_bits *bits,
			uint32_t miss)
{
	uint32_t chosen = code_label(code);

	code_move_reg(code, REG_OTHER, REG_FIELD);
	code_math(code, CODE_32, BPF_RSH, REG_OTHER, 6);
	for (int word = 0; word < 4; word++) {
		code_set(code, REG_WORD, bits->words[word]);
		if (word < 3)
			code_branch(code, CODE_32, BPF_JEQ, REG_OTHER, word,
				    chosen);
	}
	code_place(code, chosen);
	code_math(code, CODE_32, BPF_AND, REG_FIELD, 63);
	code_math_reg(code, CODE_64, BPF_RSH, REG_WORD, REG_FIELD);
	code_math(code, CODE_32, BPF_AND, REG_WORD, 1);
	code_branch(code, CODE_32, BPF_JEQ, REG_WORD, 0, miss);
}

/* More intervals than this are more work than a bitmap. */
#define BYTE_INTERVALS_MAX 4

static void test_byte(struct code *code, const struct set *set, uint32_t miss)
{
	struct byte_bits inside, outside;

	if (set->count == 1) {
		test_intervals(code, set, miss);
		return;
	}
	inside = byte_bits(set, true);
	outside = byte_bits(set, false);
	if (is_masked(&inside))
		test_mask(code, &inside, BPF_JNE, miss);
	else if (is_masked(&outside))
		test_mask(code, &outside, BPF_JEQ, miss);
	else if (set->count <= BYTE_INTERVALS_MAX)
		test_intervals(code, set, miss);
	else
		test_bitmap(code, &inside, miss);
}

/* A 64-bit number as the second operand: as it is or by way of a register. */
static bool is_small(uint64_t value)
{
	return value <= INT32_MAX;
}

static void branch_word(struct code *code, uint8_t op, uint64_t value,
			uint32_t label)
{
	if (is_small(value)) {
		code_branch(code, CODE_64, op, REG_FIELD, value, label);
		return;
	}
	code_set(code, REG_OTHER, value);
	code_branch_reg(code, CODE_64, op, REG_FIELD, REG_OTHER, label);
}

static void test_word(struct code *code, int16_t offset, uint64_t min,
		      uint64_t max, uint32_t miss)
{
	if (min == 0 && max == UINT64_MAX)
		return;
	code_load(code, BPF_DW, REG_FIELD, REG_HEADER, offset);
	if (min == max) {
		branch_word(code, BPF_JNE, min, miss);
		return;
	}
	if (min && is_small(min)) {
		code_math(code, CODE_64, BPF_SUB, REG_FIELD, min);
	} else if (min) {
		code_set(code, REG_OTHER, min);
		code_math_reg(code, CODE_64, BPF_SUB, REG_FIELD, REG_OTHER);
	}
	branch_word(code, BPF_JGT, max - min, miss);
}

/* Values whose words can be looked at one by one. */
struct rectangle {
	uint64_t high_min, high_max, low_min, low_max;
};

/*
 * An interval of 128 bits as at most three rectangles: what shares the upper
 * word with its lower end, what with its upper end, and all between.
 */
static size_t split(const struct interval *interval, struct rectangle parts[3])
{
	uint64_t first = interval->min >> 64, last = interval->max >> 64;
	uint64_t low_min = interval->min, low_max = interval->max;
	size_t count = 0;

	if (first == last) {
		parts[0] = (struct rectangle){ first, last, low_min, low_max };
		return 1;
	}
	if (low_min != 0) {
		parts[count++] =
			(struct rectangle){ first, first, low_min, UINT64_MAX };
		first++;
	}
	if (low_max != UINT64_MAX) {
		parts[count++] = (struct rectangle){ last, last, 0, low_max };
		last--;
	}
	if (first <= last)
		parts[count++] =
			(struct rectangle){ first, last, 0, UINT64_MAX };
	return count;
}

static void test_wide(struct code *code, const struct slot *slot,
		      const struct set *set, uint32_t miss)
{
	uint32_t hit = code_label(code);

	for (size_t i = 0; i < set->count; i++) {
		struct rectangle parts[3];
		size_t count = split(&set->intervals[i], parts);

		for (size_t p = 0; p < count; p++) {
			bool is_last = i + 1 == set->count && p + 1 == count;
			uint32_t next = is_last ? miss : code_label(code);

			if (slot->high != NOWHERE)
				test_word(code, slot->high, parts[p].high_min,
					  parts[p].high_max, next);
			test_word(code, slot->low, parts[p].low_min,
				  parts[p].low_max, next);
			if (!is_last) {
				code_goto(code, hit);
				code_place(code, next);
			}
		}
	}
	code_place(code, hit);
}

static void test_field(struct code *code, enum field field, enum family family,
		       const struct set *set, uint32_t miss)
{
	const struct slot *slot = &slots[field];
	u128 max = field_max(field, family);

	assert(set->intervals[set->count - 1].max <= max);
	if (set->count == 1 && set->intervals[0].min == 0 &&
	    set->intervals[0].max == max)
		return;
	if (max > UINT32_MAX) {
		test_wide(code, slot, set, miss);
		return;
	}
	code_load(code, slot->size, REG_FIELD, REG_HEADER, slot->low);
	if (slot->size == BPF_B)
		test_byte(code, set, miss);
	else
		test_intervals(code, set, miss);
}

void match_cond(struct code *code, const struct cond *cond, enum family family,
		uint32_t miss)
{
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (cond->fields[f])
			test_field(code, f, family, cond->fields[f], miss);
	}
}

void match_load(struct code *code, enum field field, uint8_t header,
		uint8_t dst)
{
	code_load(code, slots[field].size, dst, header, slots[field].low);
}

void match_load_high(struct code *code, enum field field, uint8_t header,
		     uint8_t dst)
{
	assert(slots[field].high != NOWHERE);
	code_load(code, BPF_DW, dst, header, slots[field].high);
}

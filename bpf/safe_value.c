// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "bpf/safe_value.h"

#define MAX32 UINT32_MAX

struct value value_constant(uint64_t number)
{
	return (struct value){
		.kind = VALUE_NUMBER,
		.bits = number,
		.min = number,
		.max = number,
	};
}

struct value value_unknown(void)
{
	return (struct value){
		.kind = VALUE_NUMBER,
		.mask = UINT64_MAX,
		.max = UINT64_MAX,
	};
}

struct value value_of_size(unsigned int bytes)
{
	struct value value = value_unknown();

	if (bytes < sizeof(uint64_t))
		value.mask = value.max = (1ULL << (8 * bytes)) - 1;
	return value;
}

struct value value_pointer(enum value_kind kind)
{
	return (struct value){ .kind = kind };
}

bool value_is_constant(const struct value *value)
{
	return !value->mask;
}

/* All ones from the highest one of @number down. */
static uint64_t fill(uint64_t number)
{
	for (unsigned int i = 1; i < 64; i *= 2)
		number |= number >> i;
	return number;
}

/* Bounds say something of bits, and bits of bounds. */
static void settle(struct value *value)
{
	uint64_t differ;

	if (value->min < value->bits)
		value->min = value->bits;
	if (value->max > (value->bits | value->mask))
		value->max = value->bits | value->mask;
	if (value->min > value->max)
		return; /* nobody comes here: the kernel would not either */
	/* What is the same in both bounds is known. */
	differ = fill(value->min ^ value->max);
	value->bits |= value->min & ~differ & value->mask;
	value->mask &= differ;
}

struct value value_low(const struct value *value)
{
	struct value low = *value;

	low.id = 0;
	low.bits &= MAX32;
	low.mask &= MAX32;
	if (value->max > MAX32) {
		low.min = 0;
		low.max = MAX32;
	}
	settle(&low);
	return low;
}

/* min and max of a sum, or of a difference, where it cannot wrap. */
static void add_bounds(struct value *out, const struct value *d,
		       const struct value *s)
{
	if (__builtin_add_overflow(d->min, s->min, &out->min) ||
	    __builtin_add_overflow(d->max, s->max, &out->max)) {
		out->min = 0;
		out->max = UINT64_MAX;
	}
}

static void sub_bounds(struct value *out, const struct value *d,
		       const struct value *s)
{
	if (d->min < s->max) {
		out->min = 0;
		out->max = UINT64_MAX;
	} else {
		out->min = d->min - s->max;
		out->max = d->max - s->min;
	}
}

/* The bits of a sum: unknown where a carry may or may not arrive. */
static void add_bits(struct value *out, const struct value *d,
		     const struct value *s)
{
	uint64_t masks = d->mask + s->mask, bits = d->bits + s->bits;
	uint64_t unknown = ((masks + bits) ^ bits) | d->mask | s->mask;

	out->bits = bits & ~unknown;
	out->mask = unknown;
}

static void sub_bits(struct value *out, const struct value *d,
		     const struct value *s)
{
	uint64_t bits = d->bits - s->bits;
	uint64_t unknown =
		((bits + d->mask) ^ (bits - s->mask)) | d->mask | s->mask;

	out->bits = bits & ~unknown;
	out->mask = unknown;
}

/* By a constant: as many additions as it has ones. */
static void mul_bits(struct value *out, const struct value *d,
		     const struct value *s)
{
	struct value sum = value_constant(0), shifted = *d;

	for (uint64_t factor = s->bits; factor; factor >>= 1) {
		if (factor & 1)
			add_bits(&sum, &sum, &shifted);
		shifted.bits <<= 1;
		shifted.mask <<= 1;
	}
	out->bits = sum.bits;
	out->mask = sum.mask;
}

static void logic(uint8_t op, struct value *out, const struct value *d,
		  const struct value *s)
{
	uint64_t d_ones = d->bits, s_ones = s->bits;
	uint64_t d_may = d->bits | d->mask, s_may = s->bits | s->mask;

	if (op == BPF_AND) {
		out->bits = d_ones & s_ones;
		out->mask = (d_may & s_may) & ~out->bits;
		out->min = out->bits;
		out->max = d->max < s->max ? d->max : s->max;
	} else if (op == BPF_OR) {
		out->bits = d_ones | s_ones;
		out->mask = (d->mask | s->mask) & ~out->bits;
		out->min = d->min > s->min ? d->min : s->min;
		out->max = out->bits | out->mask;
	} else {
		out->mask = d->mask | s->mask;
		out->bits = (d_ones ^ s_ones) & ~out->mask;
		out->min = out->bits;
		out->max = out->bits | out->mask;
	}
}

static void shift(uint8_t op, struct value *out, const struct value *d,
		  unsigned int by, unsigned int width)
{
	uint64_t all = width == 64 ? UINT64_MAX : MAX32;

	out->min = 0;
	out->max = all;
	switch (op) {
	case BPF_LSH:
		out->bits = d->bits << by & all;
		out->mask = d->mask << by & all;
		if (d->max <= all >> by) {
			out->min = d->min << by;
			out->max = d->max << by;
		}
		return;
	case BPF_RSH:
		out->bits = d->bits >> by;
		out->mask = d->mask >> by;
		out->min = d->min >> by;
		out->max = d->max >> by;
		return;
	default: /* BPF_ARSH: the sign comes in as a bit or as unknown */
		if (width == 64) {
			out->bits = (int64_t)d->bits >> by;
			out->mask = (int64_t)d->mask >> by;
		} else {
			out->bits = (uint32_t)((int32_t)d->bits >> by);
			out->mask = (uint32_t)((int32_t)d->mask >> by);
		}
		out->bits &= ~out->mask;
	}
}

static bool is_forgetful(uint8_t op)
{
	return op != BPF_ADD && op != BPF_SUB && op != BPF_AND;
}

/* verifier.c, adjust_scalar_min_max_vals() */
struct value value_arithmetic(uint8_t op, const struct value *d_in,
			      const struct value *s_in, bool is64)
{
	struct value d = is64 ? *d_in : value_low(d_in);
	struct value s = is64 ? *s_in : value_low(s_in);
	struct value out = value_unknown();
	unsigned int width = is64 ? 64 : 32;

	if (op == BPF_MOV)
		return s;
	if (!value_is_constant(&s) && is_forgetful(op))
		return out;
	switch (op) {
	case BPF_ADD:
		add_bits(&out, &d, &s);
		add_bounds(&out, &d, &s);
		break;
	case BPF_SUB:
		sub_bits(&out, &d, &s);
		sub_bounds(&out, &d, &s);
		break;
	case BPF_MUL:
		mul_bits(&out, &d, &s);
		if (d.max <= MAX32 && s.max <= MAX32) {
			out.min = d.min * s.min;
			out.max = d.max * s.max;
		}
		break;
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR:
		logic(op, &out, &d, &s);
		break;
	case BPF_LSH:
	case BPF_RSH:
	case BPF_ARSH:
		if (s.max < width)
			shift(op, &out, &d, s.bits, width);
		break;
	default: /* BPF_DIV, BPF_MOD */
		break;
	}
	settle(&out);
	return is64 ? out : value_low(&out);
}

struct value value_move(const struct value *pointer, const struct value *by,
			int sign)
{
	struct value out = *pointer;
	int64_t off = pointer->off;

	if (value_is_constant(by)) {
		off += sign * (int64_t)by->bits;
		if (off == (int32_t)off) {
			out.off = off;
			return out;
		}
	}
	if (sign > 0) {
		add_bits(&out, pointer, by);
		add_bounds(&out, pointer, by);
	} else {
		sub_bits(&out, pointer, by);
		sub_bounds(&out, pointer, by);
	}
	settle(&out);
	return out;
}

/* Signed comparisons are those of unsigned numbers where both are positive. */
static bool is_signed(uint8_t op)
{
	return op == BPF_JSGT || op == BPF_JSGE || op == BPF_JSLT ||
	       op == BPF_JSLE;
}

static uint8_t as_unsigned(uint8_t op)
{
	switch (op) {
	case BPF_JSGT:
		return BPF_JGT;
	case BPF_JSGE:
		return BPF_JGE;
	case BPF_JSLT:
		return BPF_JLT;
	case BPF_JSLE:
		return BPF_JLE;
	}
	return op;
}

static uint8_t opposite(uint8_t op)
{
	switch (op) {
	case BPF_JEQ:
		return BPF_JNE;
	case BPF_JNE:
		return BPF_JEQ;
	case BPF_JGT:
		return BPF_JLE;
	case BPF_JGE:
		return BPF_JLT;
	case BPF_JLT:
		return BPF_JGE;
	case BPF_JLE:
		return BPF_JGT;
	}
	return op;
}

/* Where nothing can be said, or learnt, because of a sign or of high bits. */
static bool is_beyond(uint8_t op, const struct value *a, uint64_t number,
		      bool is64)
{
	uint64_t positive = is64 ? INT64_MAX : INT32_MAX;

	return (!is64 && a->max > MAX32) ||
	       (is_signed(op) && (a->max > positive || number > positive));
}

int value_compare(uint8_t op, const struct value *a, uint64_t number, bool is64)
{
	if (!is64)
		number &= MAX32;
	if (is_beyond(op, a, number, is64))
		return -1;
	switch (as_unsigned(op)) {
	case BPF_JEQ:
	case BPF_JNE:
		if (value_is_constant(a) && a->bits == number)
			return op == BPF_JEQ;
		if (number < a->min || number > a->max ||
		    (number & ~a->mask) != a->bits)
			return op == BPF_JNE;
		return -1;
	case BPF_JGT:
		return a->min > number ? 1 : a->max <= number ? 0 : -1;
	case BPF_JGE:
		return a->min >= number ? 1 : a->max < number ? 0 : -1;
	case BPF_JLT:
		return a->max < number ? 1 : a->min >= number ? 0 : -1;
	case BPF_JLE:
		return a->max <= number ? 1 : a->min > number ? 0 : -1;
	case BPF_JSET:
		return a->bits & number		      ? 1
		       : (a->bits | a->mask) & number ? -1
						      : 0;
	}
	return -1;
}

void value_learn(uint8_t op, struct value *a, uint64_t number, bool is64,
		 bool is_true)
{
	if (!is64)
		number &= MAX32;
	if (is_beyond(op, a, number, is64))
		return;
	op = as_unsigned(op);
	if (op == BPF_JSET) {
		if (!is_true)
			a->mask &= ~number;
		else if (!(number & (number - 1)) && a->mask & number) {
			a->bits |= number;
			a->mask &= ~number;
		}
		settle(a);
		return;
	}
	switch (is_true ? op : opposite(op)) {
	case BPF_JEQ:
		a->bits = a->min = a->max = number;
		a->mask = 0;
		return;
	case BPF_JGT:
		if (a->min <= number)
			a->min = number + 1;
		break;
	case BPF_JGE:
		if (a->min < number)
			a->min = number;
		break;
	case BPF_JLT:
		if (a->max >= number)
			a->max = number - 1;
		break;
	case BPF_JLE:
		if (a->max > number)
			a->max = number;
		break;
	}
	settle(a);
}

static bool is_same_thing(const struct value *a, const struct value *b)
{
	return a->kind == b->kind && a->off == b->off && a->map == b->map &&
	       a->frame == b->frame;
}

bool value_is_within(const struct value *a, const struct value *b)
{
	if (b->kind == VALUE_NONE)
		return true; /* it was not read */
	return is_same_thing(a, b) && a->min >= b->min && a->max <= b->max &&
	       !(a->mask & ~b->mask) && (a->bits & ~b->mask) == b->bits;
}

struct value value_join(const struct value *a, const struct value *b)
{
	struct value out = *a;

	if (!is_same_thing(a, b))
		return value_pointer(VALUE_NONE);
	out.id = 0;
	out.mask = a->mask | b->mask | (a->bits ^ b->bits);
	out.bits = a->bits & ~out.mask;
	out.min = out.bits;
	out.max = out.bits | out.mask;
	return out;
}

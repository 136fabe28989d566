/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Code that compares a packet's header with a condition.
 */
#include "rules/cond.h"

struct code;

/*
 * Append code that falls through when the struct wire_header at r1 is in
 * @cond (whose sets are not empty) and jumps to @miss when it is not. It keeps
 * r1 and uses r2 to r4.
 *
 * Each test loads its field anew. Fields held in registers would be a little
 * faster, but what the verifier learned from one test would stay in them, no
 * two paths would look alike, and it would have to walk every one: beyond some
 * 600 regions it gives up.
 */
void match_cond(struct code *code, const struct cond *cond, enum family family,
		uint32_t miss);

/*
 * dst = a field of the struct wire_header at @header; of one with 128 bits the
 * lower half. match_load_high(): the upper half (0 for IPv4 addresses).
 */
void match_load(struct code *code, enum field field, uint8_t header,
		uint8_t dst);
void match_load_high(struct code *code, enum field field, uint8_t header,
		     uint8_t dst);

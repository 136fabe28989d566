/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The limits of a card that runs programs itself. Real ones are in its firmware
 * and shown to nobody: bpf/cards.def has assumptions.
 */
#include <linux/bpf.h>

#include "base/err.h"
#include "base/own.h"

/* Named as the parameters of the simulated card (tests/hw/nfpsim/card.c). */
struct card_limits {
	const char *name;
	unsigned int max_len;	/* its own instructions */
	unsigned int stack_sz;	/* in 64 bytes */
	unsigned int inl_mtu;	/* what it reaches of a packet: n * 64 - 32 */
	unsigned int map_types; /* a bit for each enum bpf_map_type */
	unsigned int max_maps;
	unsigned int max_elems; /* of all maps together */
	unsigned int max_key_sz, max_val_sz;
	unsigned int max_elem_sz; /* both, each rounded up to 8 bytes */
	/* Helpers that its firmware has, and what else it can do: 0 or 1. */
	unsigned int h_lookup, h_update, h_delete, h_perf;
	unsigned int c_random, c_qsel, c_adj_head, c_adj_tail;
	unsigned int c_relo; /* replaces a running program */
};

#define CARD_DEFAULT "typical"

/* One of cards.def, or NULL. */
const struct card_limits *card_find(const char *name);

/* "small", "small,max_len=500", "stack_sz=1" (of the default). 0, or -errno
 * with a sentence. */
int card_parse(const char *text, struct card_limits *out, struct err *err);

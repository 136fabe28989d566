/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What tests/bench/pump.c and pump.bpf.c agree on. */
#define PUMP_PACKETS 16384
#define PUMP_BYTES   64

/* A frame, made for the peer's address PUMP_MAC. */
struct pump_packet {
	unsigned char bytes[PUMP_BYTES];
};

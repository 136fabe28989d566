/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The little network that rules, packets and namespaces of the differential
 * tests agree on:
 *
 *	sender p0 ---- eth0 host eth1 ---- p1 (where forwarded packets go)
 *
 *	eth0  10.1.0.1/24  10.1.0.3/32   fd00:1::1/64
 *	eth1  10.2.0.1/24                fd00:2::1/64
 *	default by 10.2.0.2, fd00:2::2
 */
#include "rules/eval.h"

#define TOPOLOGY_IN  "eth0"
#define TOPOLOGY_OUT "eth1"

/* Ethernet addresses: the host's eth0, and the usual sender. */
extern const uint8_t topology_mac[6];
extern const uint8_t topology_peer_mac[6];

/* The addresses that rules and packets are about, most interesting first. */
size_t topology_addr_count(enum family family);
u128 topology_addr(enum family family, size_t index);
bool topology_is_local(enum family family, u128 addr);

/* RTN_* of an address as the host's routing has it; for struct situation. */
uint8_t topology_addr_type(void *context, enum family family, u128 addr);

/* An address as text, in static storage of @text. */
const char *topology_addr_text(enum family family, u128 addr, char text[64]);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A packet as a program sees it, worked out from its bytes by code that shares
 * nothing with the program.
 */
#include "bpf/wire.h"
#include "rules/cond.h"
#include "rules/packet.h"

/*
 * Returns false for packets that programs leave to the host without asking
 * any rule: IPv4 options, IPv6 extension headers or nothing behind the header
 * (which may be a jumbogram), a transport header that is cut off or contradicts itself.
 */
bool view_packet(const struct packet *packet, enum wire_class *class,
		 struct header *header);

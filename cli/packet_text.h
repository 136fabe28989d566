/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Packets in words, as docs/packet-syntax.md has them:
 *
 *	tcp 1.2.3.4:55 > 5.6.7.8:22 syn
 *	udp [2001:db8::1]:53 > [::1]:4000 len 120
 *	icmp 10.0.0.1 > 10.0.0.2 type 3 code 1
 *	proto 47 10.0.0.1 > 10.0.0.2
 */
#include "base/buf.h"
#include "rules/packet_draft.h"

/*
 * Parse @text. *@states: the connection states (CT_*) that it names, CT_ALL
 * when it names none. -EINVAL tells the column, what was seen and what was
 * expected. free() the bytes.
 */
int packet_text_parse(const char *text, struct packet_bytes **out,
		      unsigned int *states, struct err *err);

/* Append @packet in the same words; what they cannot tell is left out. */
void packet_text_print(struct buf *buf, const struct packet *packet);

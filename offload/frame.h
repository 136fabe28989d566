/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the program's frame reads off a packet before it asks the rules: the
 * same steps as bpf/parse.bpf.h, of which this is the plain C twin.
 */
#include "offload/judge.h"

struct frame {
	enum wire_class class;
	struct header header;
};

/*
 * Returns JUDGE_REGION when the rules are asked about *@out, or why the packet
 * passes before that.
 */
enum judge_why frame_read(const struct packet *packet, bool pass_fragments,
			  struct frame *out);

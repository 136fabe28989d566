/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * S as programs have it (bpf/state.bpf.h): the connection states that a frame
 * may be in. Each of five programs drops every packet that cannot be in one
 * state; they are run by BPF_PROG_TEST_RUN, nothing is attached.
 */
#include <stddef.h>
#include <stdint.h>

#include "bpf/load.h"

struct asker {
	struct loaded *without[WIRE_STATE_COUNT];
};

/* Programs for whole packets of @family. Returns 0 or -errno. */
int asker_make(enum family family, const struct wire_settings *settings,
	       struct asker *out, struct err *err);
void asker_free(struct asker *asker);

/*
 * The states in which the frame may be that comes in by @ifindex of the present
 * namespace, or -errno.
 */
int asker_states(const struct asker *asker, uint32_t ifindex,
		 const uint8_t *frame, size_t length, struct err *err);

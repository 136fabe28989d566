/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A program of ours that must not drop any more, known by its id alone: its
 * interface may have another name by now, or be in another network namespace.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Stopped by its switch (bpf/switch.h), which works wherever it is attached;
 * where that is not to be had (a card that does not answer) it is taken off, if
 * @may_detach: not where that has been refused before, because nfp says the
 * second time that it has, and does nothing (nfp_net_bpf_stop() in bpf/offload.c,
 * 6.1). Returns 0, also when there is no such program (any more) or it is
 * somebody else's, which is left alone; -ENOENT when the network namespace of
 * its interface is not found; or another -errno; with what can be done.
 */
int stop_program(uint32_t prog_id, bool may_detach, struct err *err);

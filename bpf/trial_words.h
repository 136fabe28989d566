/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What was said when a trial load was refused, by the verifier, by libbpf and by
 * the driver in the kernel's log, as one line and as who refused.
 */
#include "bpf/trial.h"

/* What the driver says in one record of /dev/kmsg, or @to stays as it is. */
void trial_words_of_record(const char *record, char *to, size_t size);

/*
 * Fill .stage and .words. @log: of the verifier, @said: what libbpf printed,
 * @kernel: the driver's line of the kernel's log; each "" when there is none.
 */
void trial_words_judge(struct trial *trial, const char *log, const char *said,
		       const char *kernel);

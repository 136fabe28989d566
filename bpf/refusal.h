/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Why the kernel refused something of BPF, as a sentence.
 */
#include "base/err.h"

/*
 * @what: "the kernel refused the program". @log: what libbpf had to say, ""
 * if nothing; the verifier's last lines are taken from it. A capability that
 * this process lacks is named. Returns -@errnum.
 */
int refusal_set(struct err *err, int errnum, const char *what, const char *log);

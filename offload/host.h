/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What a plan assumes about the rest of the host: host facts joined with rules
 * and wishes. Of an unknown host (no .facts) the best is assumed.
 */
#include "offload/plan.h"

/*
 * May a packet of no known connection be an expected one, RELATED
 * (soundness.md 2.2.3)? *@why is a sentence either way, which lives as
 * long as @input.
 */
bool host_may_expect(const struct plan_input *input, const char **why);

/*
 * Has the host a table raw whose rules were not given? They may give
 * connections a helper, or a zone in which nobody can look them up.
 */
bool host_has_unseen_raw(const struct plan_input *input);

/*
 * The name of a table of iptables that the host has and the rules given do
 * not: it may log, answer or reroute packets. NULL: there is none. (Tables raw
 * and nat that were not given are reckoned with in other ways.)
 */
const char *host_unseen_table(const struct plan_input *input);

/* May addresses of the family be translated (2.2, 1)? */
bool host_has_nat(const struct plan_input *input, enum family family);

/* Does the host log packets by itself (2.2, 10), and is that wanted? */
bool host_logs_invalid(const struct plan_input *input);
bool host_logs_martians(const struct plan_input *input);

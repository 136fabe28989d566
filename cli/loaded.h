/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Are rules the ones that the host has loaded? Compared word by word, chain by
 * chain, for the tables that the rules have: order of tables and chains,
 * counters and comments do not matter, spelling does.
 */
#include "rules/ruleset.h"

/* 1 when they differ, 0 when not, -ENOMEM. @loaded NULL: nothing is loaded. */
int loaded_differs(const struct ruleset *rules, const struct ruleset *loaded);

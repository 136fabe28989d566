/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Are the rules that programs were made of still those of the host? */
#include "cli/attached.h"

/*
 * Fill in report_attached.host_rules of all that is recorded. Reads the host's
 * rules with its own iptables-save, which takes root: what it does not tell is
 * HOST_RULES_UNREAD, with its words. 0 or -ENOMEM.
 */
int host_rules_compare(struct attached *attached, struct err *err);

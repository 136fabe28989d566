/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Log lines that sysctls ask for: logs_invalid and logs_martians. */
struct host_facts;

void logging_read(const char *iface, struct host_facts *facts);

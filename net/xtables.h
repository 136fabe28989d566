/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The tables of iptables-legacy: has_nat and has_raw of struct host_facts. */
struct host_facts;

void xtables_read(struct host_facts *facts);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* BPF programs attached to netfilter (Linux 6.4): has_foreign_hooks. */
#include "net/fact.h"

void hooks_read(struct fact *fact);

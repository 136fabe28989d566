/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Connections that announce others, as /proc tells: has_helpers. */
#include "net/fact.h"

void helpers_read(struct fact *fact);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Packet sockets of this network namespace: has_readers. */
#include "net/fact.h"

void readers_read(const char *iface, struct fact *fact);

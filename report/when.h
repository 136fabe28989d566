/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* A moment as people and machines read it. */
#include <time.h>

struct when {
	char text[32]; /* "2026-11-25T13:05:00Z"; "?" when it is none */
};

struct when when_make(time_t time);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What a failing differential test prints, each line behind "# ".
 */
#include <stddef.h>
#include <stdint.h>

void show_lines(const char *title, const char *text);
void show_bytes(const char *title, const uint8_t *bytes, size_t length);

/* The name of one CT_* bit; "none" for 0. */
const char *show_state(unsigned int state);

/* OUTCOME_* in words, in static storage. */
const char *show_outcomes(unsigned int outcomes);

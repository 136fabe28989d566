/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Completion of words, options, interfaces and files in shells. */
#include "base/buf.h"

void completion_print_bash(struct buf *buf);
void completion_print_zsh(struct buf *buf);

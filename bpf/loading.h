/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What loading for the host's processors (bpf/load.c) and for a card
 * (bpf/load_card.c) have in common.
 */
#include "bpf/load.h"

/* The first element of the map wirewall_meta. */
struct wire_meta loading_meta(const struct program *program,
			      const struct load_options *options);

/* Keep the program @prog_fd in @loaded, or a sentence why not. */
int loading_keep(int prog_fd, struct loaded *loaded, struct err *err);

/* load_program() for options->is_card. */
int loading_card(const struct program *program,
		 const struct load_options *options, struct loaded *loaded,
		 struct err *err);

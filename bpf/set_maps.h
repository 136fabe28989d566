/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Sets of a program in the kernel: maps of their own, each in an element of an
 * array of maps, so that readers see the old content or the new one, whole.
 */
#include "bpf/set_parts.h"

/* A new map with @content. Returns its fd or -errno. */
int set_map_make(enum wire_set_kind kind, const struct set_content *content);

/*
 * Fill the maps of a program that is about to run: @nodes and @tuples the
 * arrays of maps, @names the array of struct wire_set_name. 0 or -errno.
 */
int set_maps_fill(const struct set_parts *parts, int nodes, int tuples,
		  int names);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What a packet costs, by running the program in this kernel
 * (BPF_PROG_TEST_RUN): nothing is attached, nobody's packets are touched.
 */
#include "offload/plan.h"

/* Nanoseconds for a packet that comes again and again. */
struct timing {
	bool is_known; /* there are regions of the class */
	double parse;  /* the same packet through a program without rules */
	double whole;  /* medians over regions from the first to the last */
};

/*
 * Measure the program of @plan, class by class. Returns 0, or -errno with a
 * sentence when the kernel refuses.
 */
int timing_measure(const struct plan *plan, struct timing out[WIRE_CLASS_COUNT],
		   struct err *err);

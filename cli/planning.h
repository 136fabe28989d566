/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* From the command line to one plan for each interface. */
#include "bpf/stamp.h"
#include "cli/input.h"
#include "cli/survey.h"
#include "report/report.h"

struct planning {
	struct input input;
	struct kernel_features kernel;
	struct nicdb *nicdb;
	struct probes *probes;	   /* of another machine, NULL: of this one */
	struct stamper *stamper;   /* NULL: programs cannot ask this kernel */
	struct report_plan *plans; /* which it owns */
	size_t count;
};

/*
 * Read the rules and plan for @ifaces as this machine and its network
 * namespace are now. @may_be_absent: an interface that is not here is planned
 * for as if it were elsewhere, with nothing known of its host; otherwise it is
 * an error. With --caps nothing is asked of this machine at all.
 */
int planning_make(const struct options *options, char *const *ifaces,
		  size_t count, bool may_be_absent, struct planning **out,
		  struct err *err);
/* The same for no rules at all: whatever is attached is to be taken off. */
int planning_make_empty(char *const *ifaces, size_t count,
			struct planning **out, struct err *err);
void planning_free(struct planning *planning);
OWN_DEFINE(planning)

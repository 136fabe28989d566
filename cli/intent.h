/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the configuration wants of this machine as it is now: one planning for
 * each section that has interfaces here, and an empty policy for interfaces
 * that have a program of ours and no section (any more).
 */
#include "cli/config_files.h"
#include "cli/planning.h"

struct intent {
	struct config *config;
	struct planning **plannings;
	/* Of each planning; NULL: that of those without a section. */
	const struct options **options;
	size_t count;
	const char **absent; /* named, but not here */
	size_t absent_count;
};

/* @directory NULL: the usual one. Fails as config_files_read() does, and as
 * planning_make() with the section in front. */
int intent_make(const char *directory, struct intent **out, struct err *err);
void intent_free(struct intent *intent);
OWN_DEFINE(intent)

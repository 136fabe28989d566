/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What an interface and a kernel answered when they were asked, as JSON: `caps
 * --json` writes it, `caps --from` and `plan --caps` read it for a machine that
 * is elsewhere. One table of members serves both ways.
 */
#include "offload/caps.h"
#include "report/jsonio.h"

json_t *probe_make(struct jsonio *io, const struct nic *nic);
json_t *probe_make_kernel(struct jsonio *io,
			  const struct kernel_features *kernel);

/* A document of `caps --json`, or one that was written by hand. */
struct probes {
	struct kernel_features kernel;
	bool has_kernel;
	struct nic **nics;
	size_t count;
};

/*
 * Read @text. What is absent is not known; -EINVAL for what is no such
 * document, naming the member that is not what it should be.
 */
int probe_parse(const char *text, struct probes **out, struct err *err);
void probes_free(struct probes *probes);
OWN_DEFINE(probes)

/* The interface of that name, or NULL. */
struct nic *probe_find(const struct probes *probes, const char *name);

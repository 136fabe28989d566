/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* What interfaces of this machine can run, with what is known of drivers. */
#include "nicdb/nicdb.h"
#include "offload/caps.h"
#include "report/probe.h"

/*
 * The facts about drivers of this installation and of /etc/wirewall/nicdb.d.
 * Files that are ignored are warned about. 0 or -ENOMEM.
 */
int survey_load(struct nicdb **out, struct err *err);

/* Read what `caps --json` printed; "-" is stdin. ERR_INPUT names the file. */
int survey_read(const char *path, struct probes **out, struct err *err);

/* Ask the interface. @db must outlive *@out. As nic_read(). */
int survey_make(const char *iface, const struct nicdb *db,
		const struct kernel_features *kernel, struct caps **out,
		struct err *err);

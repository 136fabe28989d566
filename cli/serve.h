/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What is attached, over HTTP, for who may not ask the kernel: /metrics (as
 * Prometheus reads it), /status and /stats (docs/json.md). Only on this
 * machine: a UNIX socket, whose group may read, or a loopback address.
 */
#include "cli/options.h"

/*
 * Serve at @where ("unix:/run/wirewall/metrics", "127.0.0.1:9718",
 * "[::1]:9718") until a signal ends it. @group: may use the UNIX socket; NULL:
 * only root. ERR_USAGE for any other place.
 */
int serve_run(const char *where, const char *group, struct err *err);

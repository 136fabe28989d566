// SPDX-License-Identifier: GPL-2.0-only
/* Files of `plan --caps`: what some other machine printed, or says it did. */
#include <stdint.h>
#include <string.h>

#include "report/probe.h"
#include "tests/fuzz/told.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char facts[] =
	"driver a\nsource s\nnative 5.1\nneed mtu <= 9*combined\n"
	"reason queues\nfix x {mtu/2} {peer-command}\nundo {peer} {if}\n"
	"need bond-mode is b\nreason bond-mode\nremedy {bad-port}\n"
	"need feature:f + flag:g = flag-off:g\nreason lro\nfor hw\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OWN_MEM char *text = strndup((const char *)data, size);
	OWN(probes) struct probes *probes = NULL;
	OWN(nicdb) struct nicdb *db = nicdb_make();
	struct err err;

	if (!text || !db || nicdb_add(db, facts, sizeof(facts) - 1, "f", &err))
		return 0;
	if (probe_parse(text, &probes, &err) < 0)
		return 0;
	for (size_t i = 0; i < probes->count; i++)
		told_check(probes->nics[i], db, &probes->kernel);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Files of `plan --caps`: what some other machine printed, or says it did. */
#include <stdint.h>
#include <string.h>

#include "nicdb/nicdb.h"
#include "report/caps_more.h"
#include "report/probe.h"
#include "report/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char facts[] =
	"driver a\nsource s\nnative 5.1\nneed mtu <= 9*combined\n"
	"reason queues\nfix x {mtu/2} {peer-command}\nundo {peer} {if}\n"
	"need bond-mode is b\nreason bond-mode\nremedy {bad-port}\n"
	"need feature:f + flag:g = flag-off:g\nreason lro\nfor hw\n";

static void tell(const struct nic *nic, const struct caps *caps,
		 const struct kernel_features *kernel)
{
	const struct report_caps told = { &caps, &nic, 1, kernel };
	const struct report_style style = { .width = 60, .is_coloured = true };
	OWN_BUF struct buf buf = BUF_INIT;
	struct jsonio io = { 0 };

	text_caps(&buf, &style, &told);
	caps_markdown(&buf, &told);
	caps_script(&buf, &told);
	json_decref(probe_make(&io, nic));
}

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
	for (size_t i = 0; i < probes->count; i++) {
		OWN(caps) struct caps *caps = NULL;

		if (caps_make(probes->nics[i], db, &probes->kernel, &caps,
			      &err) == 0)
			tell(probes->nics[i], caps, &probes->kernel);
	}
	return 0;
}

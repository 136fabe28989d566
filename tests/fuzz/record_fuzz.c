// SPDX-License-Identifier: GPL-2.0-only
/* Files under /run/wirewall that somebody else wrote. */
#include <stdint.h>
#include <string.h>

#include "report/record.h"
#include "report/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t drops[4];
	OWN_MEM char *text = strndup((const char *)data, size);
	OWN(record) struct record *record = text ? record_parse(text) : NULL;
	struct report_style style = { .width = 60 };
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_attached attached = {
		.iface = "eth0",
		.tier = TIER_NATIVE,
		.record = record,
		.drops = drops,
		.drop_count = 4,
	};

	text_status(&buf, &style, &attached, 1);
	text_stats(&buf, &style, &attached, 1);
	return 0;
}

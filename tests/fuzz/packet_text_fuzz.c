// SPDX-License-Identifier: GPL-2.0-only
/* Packets in words: any text, and what is printed is read back. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "cli/packet_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OWN_MEM char *text = strndup((const char *)data, size);
	OWN_MEM struct packet_bytes *bytes = NULL;
	OWN_MEM struct packet_bytes *again = NULL;
	OWN_BUF struct buf printed = BUF_INIT;
	OWN_BUF struct buf twice = BUF_INIT;
	unsigned int states;
	struct err err;

	if (!text || packet_text_parse(text, &bytes, &states, &err))
		return 0;
	packet_text_print(&printed, &bytes->packet);
	if (packet_text_parse(buf_text(&printed), &again, &states, &err))
		return 0; /* what is cut off cannot all be told */
	packet_text_print(&twice, &again->packet);
	assert(!strcmp(buf_text(&printed), buf_text(&twice)));
	return 0;
}

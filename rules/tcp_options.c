// SPDX-License-Identifier: GPL-2.0-only
#include "rules/tcp_options.h"

#define KIND_NOP   1
#define KIND_MSS   2
#define MSS_LENGTH 4

uint32_t tcp_options_mss(const uint8_t *options, size_t length)
{
	size_t i = 0;

	while (i < length) {
		const uint8_t *option = options + i;

		if (option[0] <= KIND_NOP) {
			i++;
			continue;
		}
		if (i + 1 == length)
			break;
		if (option[0] == KIND_MSS && length - i >= MSS_LENGTH &&
		    option[1] == MSS_LENGTH)
			return option[2] << 8 | option[3];
		i += option[1] ? option[1] : 1;
	}
	return TCP_NO_MSS;
}

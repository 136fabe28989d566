// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "report/remedy.h"

void remedy_add(struct buf *buf, const struct plan_tier *tier,
		const char *iface)
{
	const char *remedy = reason_remedy(tier->reason);
	const char *place = remedy ? strstr(remedy, "%s") : NULL;

	if (tier->fix[0]) {
		buf_add(buf, tier->fix);
		return;
	}
	if (!remedy)
		return;
	if (!place) {
		buf_add(buf, remedy);
		return;
	}
	buf_addn(buf, remedy, place - remedy);
	buf_add(buf, iface);
	buf_add(buf, place + 2);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "report/share.h"

unsigned int share_permille(const struct share *share, bool is_shadow)
{
	uint64_t all = share->host + (is_shadow ? 0 : share->early);

	return !all ? 0 : share->early > all ? 1000 : share->early * 1000 / all;
}

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What an interface answered, whatever that was: it can be judged and told in
 * every form, and what is printed of it as JSON is read back the same.
 */
#include "offload/caps.h"

void told_check(const struct nic *nic, const struct nicdb *db,
		const struct kernel_features *kernel);

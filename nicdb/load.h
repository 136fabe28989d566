/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Where driver facts come from, the later ones first: /etc/wirewall/nicdb.d,
 * then what is installed beside the program, or built into it when that is
 * older or absent.
 */
#include "base/buf.h"
#include "nicdb/nicdb.h"

#define NICDB_OVERRIDES "/etc/wirewall/nicdb.d"
#ifndef NICDB_INSTALLED
#define NICDB_INSTALLED "/usr/local/share/wirewall/nicdb/drivers.conf"
#endif

/*
 * Load from @installed and from each *.conf of the directory @overrides, by
 * name; what is not there is no error. A file that cannot be read or has an
 * error is left out whole, and a line about it added to @notes. -ENOMEM.
 */
int nicdb_load(const char *installed, const char *overrides, struct nicdb **out,
	       struct buf *notes, struct err *err);

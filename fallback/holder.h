/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Who holds a place of an interface: the program that is attached there now.
 * Ours are known from the kernel alone (bpf/load.h).
 */
#include "bpf/wire.h"
#include "fallback/backend.h"
#include "fallback/ident.h"

enum owner {
	OWNER_NOBODY,
	OWNER_OURS,
	OWNER_FOREIGN,
};

struct holder {
	enum owner owner;
	const struct xdp_backend *backend; /* NULL for nobody */
	struct ident ident;
	struct wire_meta meta; /* of ours */
};

/*
 * The holder of @link's @slot, as it was when link_get() read it. A program
 * that has gone since then counts as nobody. Returns 0 or -errno.
 */
int holder_find(const struct link *link, enum slot slot, struct holder *out,
		struct err *err);

/* The one at the host's slot, or (nobody is there) at the card's. */
int holder_find_any(const struct link *link, struct holder *out,
		    struct err *err);

/*
 * The id of the program that is at @link's @slot by now, 0: none. Returns 0;
 * -ENODEV when the interface has vanished, also if its name came back; -errno.
 */
int holder_prog_id(const struct link *link, enum slot slot, uint32_t *out,
		   struct err *err);

/*
 * Detach it, if it is still there. Returns 0, -ENODEV when the interface has
 * vanished, or another -errno.
 */
int holder_detach(const struct holder *holder, const struct link *link,
		  struct err *err);

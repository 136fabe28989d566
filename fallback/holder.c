// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "base/own.h"
#include "bpf/load.h"
#include "fallback/holder.h"

int holder_find(const struct link *link, enum slot slot, struct holder *out,
		struct err *err)
{
	struct holder holder = { .backend = backend_attached(link, slot) };

	if (!holder.backend) {
		*out = holder;
		return 0;
	}
	uint32_t prog_id = holder.backend->prog_id(link);
	int result = ident_get(prog_id, &holder.ident, err);
	int is_ours =
		result < 0 ? result : load_is_ours(prog_id, &holder.meta, err);

	if (is_ours == -ENOENT) {
		*out = (struct holder){ 0 };
		return 0;
	}
	if (is_ours < 0)
		return is_ours;
	holder.owner = is_ours ? OWNER_OURS : OWNER_FOREIGN;
	*out = holder;
	return 0;
}

int holder_find_any(const struct link *link, struct holder *out,
		    struct err *err)
{
	struct holder holder;
	int result = holder_find(link, SLOT_HOST, &holder, err);

	if (result == 0 && holder.owner == OWNER_NOBODY)
		result = holder_find(link, SLOT_CARD, &holder, err);
	if (result == 0)
		*out = holder;
	return result;
}

int holder_prog_id(const struct link *link, enum slot slot, uint32_t *out,
		   struct err *err)
{
	struct link now;
	int result = link_get(link->name, &now, err);

	if (result < 0)
		return result;
	if (now.ifindex != link->ifindex) {
		err_set(err, ERR_SYSTEM, 0,
			"the interface has vanished, and another one of this "
			"name has come; try again");
		return -ENODEV;
	}
	const struct xdp_backend *backend = backend_attached(&now, slot);
	*out = backend ? backend->prog_id(&now) : 0;
	return 0;
}

int holder_detach(const struct holder *holder, const struct link *link,
		  struct err *err)
{
	OWN_FD int fd = load_prog_fd(holder->ident.prog_id, err);
	struct err unseen;
	uint32_t there;

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	int result = xdp_detach(link->ifindex, holder->backend->mode, fd, err);

	/* The answer may be lost on its way: what is there counts. */
	if (result < 0 &&
	    holder_prog_id(link, holder->backend->slot, &there, &unseen) == 0 &&
	    there != holder->ident.prog_id)
		return 0;
	return result;
}

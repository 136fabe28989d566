// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "base/own.h"
#include "fallback/holder.h"

int holder_find(const struct link *link, struct holder *out, struct err *err)
{
	struct holder holder = { .backend = backend_attached(link) };

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

int holder_detach(const struct holder *holder, const struct link *link,
		  struct err *err)
{
	OWN_FD int fd = load_prog_fd(holder->ident.prog_id, err);

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	return xdp_detach(link->ifindex, holder->backend->mode, fd, err);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "bpf/capture.h"
#include "bpf/load.h"
#include "bpf/refusal.h"
#include "bpf/stamp.h"
#include "stamp.skel.h"

#define FRAME_SIZE 64 /* any frame will do */

struct stamper {
	struct stamp *object;
};

void stamper_free(struct stamper *stamper)
{
	if (!stamper)
		return;
	stamp__destroy(stamper->object);
	free(stamper);
}

int stamper_open(struct stamper **out, struct err *err)
{
	OWN(stamper) struct stamper *stamper = calloc(1, sizeof(*stamper));
	OWN_BUF struct buf log = BUF_INIT;
	int result = 0;

	if (!stamper)
		return err_no_memory(err);
	capture_begin(&log);
	stamper->object = stamp__open();
	result = stamper->object ? stamp__load(stamper->object) : -errno;
	capture_end();
	if (result)
		return refusal_set(err, -result,
				   "the kernel refused the program that reads "
				   "its hooks",
				   buf_text(&log));
	*out = take(stamper);
	return 0;
}

/* Not through the mapping, which the kernel may have refused. */
static int read_back(const struct stamper *stamper, struct wire_stamp *out)
{
	const __u32 first = 0;

	return bpf_map_lookup_elem(bpf_map__fd(stamper->object->maps.bss),
				   &first, out);
}

static int clear(const struct stamper *stamper)
{
	const struct wire_stamp none = { 0 };
	const __u32 first = 0;

	return bpf_map_update_elem(bpf_map__fd(stamper->object->maps.bss),
				   &first, &none, BPF_ANY);
}

int stamper_take(struct stamper *stamper, int ifindex, struct wire_stamp *out,
		 struct err *err)
{
	const uint8_t frame[FRAME_SIZE] = { 0 };
	struct xdp_md context = {
		.data_end = sizeof(frame),
		.ingress_ifindex = ifindex,
	};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame,
		    .data_size_in = sizeof(frame), .ctx_in = &context,
		    .ctx_size_in = sizeof(context), .repeat = 1);
	struct wire_stamp taken;
	int result = clear(stamper);

	if (!result)
		result = bpf_prog_test_run_opts(
			bpf_program__fd(stamper->object->progs.wirewall_stamp),
			&opts);
	if (!result)
		result = read_back(stamper, &taken);
	if (result)
		return err_system(err, -result,
				  "the hooks on the way of packets of "
				  "interface %d cannot be read",
				  ifindex);
	*out = taken;
	return 0;
}

static bool is_same_interface(const struct wire_stamp *then,
			      const struct wire_stamp *now)
{
	return then->netns == now->netns && then->ifindex == now->ifindex &&
	       !memcmp(then->name, now->name, sizeof(now->name)) &&
	       !now->is_vrf_port;
}

static bool has_same_hooks(const struct wire_stamp *then,
			   const struct wire_stamp *now, bool is_ipv6)
{
	return !memcmp(then->hooks[is_ipv6], now->hooks[is_ipv6],
		       sizeof(now->hooks[is_ipv6]));
}

unsigned int stamp_changes(const struct wire_settings *settings,
			   const struct wire_stamp *now)
{
	const struct wire_stamp *then = &settings->stamp;
	unsigned int changes = 0;

	if (!is_same_interface(then, now))
		changes |= WIRE_CHECK_INTERFACE;
	if (!has_same_hooks(then, now, false))
		changes |= WIRE_CHECK_HOOKS_IPV4;
	if (!has_same_hooks(then, now, true))
		changes |= WIRE_CHECK_HOOKS_IPV6;
	if (now->logs_invalid)
		changes |= WIRE_CHECK_LOG_INVALID;
	if (now->logs_martians)
		changes |= WIRE_CHECK_LOG_MARTIANS;
	return changes & settings->checks;
}

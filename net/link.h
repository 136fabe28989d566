/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Network interfaces of this network namespace as they are now (rtnetlink).
 */
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* IFLA_XDP_ATTACHED; the values are the kernel's (XDP_ATTACHED_*). */
enum xdp_state {
	XDP_STATE_NONE,
	XDP_STATE_NATIVE,
	XDP_STATE_GENERIC,
	XDP_STATE_HW,
	XDP_STATE_MULTI,
};

struct link {
	int ifindex;
	char name[IFNAMSIZ];
	char kind[32]; /* IFLA_INFO_KIND: "veth", ...; "" when there is none */
	uint16_t type; /* ARPHRD_* */
	uint8_t mac[6];
	uint32_t mtu;
	bool is_up;
	bool is_loopback;
	uint32_t promiscuity;
	int master; /* ifindex, 0: none */
	char master_name[IFNAMSIZ];
	char slave_kind[32]; /* "bridge", "bond", "vrf", ... */
	int lower; /* what it stands on, in this namespace; 0: nothing */
	enum xdp_state xdp;
	uint32_t native_id, generic_id, hw_id; /* program ids, 0: none */
};

/* -ENODEV with a sentence that names it when there is no such interface. */
int link_get(const char *name, struct link *out, struct err *err);

/*
 * An interface of this namespace that takes packets off @link before netfilter
 * does: a VLAN, a macvlan, an ipvlan or a DSA port on it. 1 and *@out, 0 when
 * there is none, -errno.
 */
int link_find_upper(const struct link *link, struct link *out, struct err *err);
bool link_is_upper(const struct link *upper, const struct link *link);

/* Does an interface of its kind take the packets of the one it stands on? */
bool link_is_receiver(const struct link *link);

/* Packets that it has received so far. 0 or -errno. */
int link_count_received(int ifindex, uint64_t *out);

/* All of them, malloc()ed. */
int link_list(struct link **out, size_t *count, struct err *err);

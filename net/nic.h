/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What one interface tells about itself: everything that decides which
 * programs it can run. Read without changing anything; every source may be
 * absent, and .tried says which were asked with what success.
 */
#include <stddef.h>

#include "base/own.h"
#include "net/link.h"
#include "net/xdp.h"

#define NIC_FEATURES_MAX 128
#define NIC_FLAGS_MAX	 64
#define NIC_VERSIONS_MAX 16
#define NIC_UPPERS_MAX	 16
#define NIC_PROGRAMS_MAX 3
#define NIC_NAME_MAX	 32

/* xdp-features of netdev genl, as the kernel numbers them (Linux 6.3). */
#define NIC_XDP_BASIC	    (1 << 0)
#define NIC_XDP_REDIRECT    (1 << 1)
#define NIC_XDP_NDO_XMIT    (1 << 2)
#define NIC_XDP_XSK	    (1 << 3)
#define NIC_XDP_HW	    (1 << 4)
#define NIC_XDP_RX_SG	    (1 << 5)
#define NIC_XDP_NDO_XMIT_SG (1 << 6)

/* Rows of net/nic.def. */
enum nic_source {
#define SOURCE(id, name) NIC_SOURCE_##id,
#include "net/nic.def"
#undef SOURCE
	NIC_SOURCE_COUNT,
};
const char *nic_source_name(enum nic_source source);

/* How a program is held: a link dies with its holder and cannot be replaced
 * by netlink. */
enum nic_owner {
	NIC_OWNER_UNKNOWN,
	NIC_OWNER_NETLINK,
	NIC_OWNER_LINK,
};

struct nic_program {
	uint32_t id;
	enum xdp_mode mode;
	enum nic_owner owner;
	uint32_t link_id;	 /* of NIC_OWNER_LINK */
	char name[NIC_NAME_MAX]; /* "" when it has none or is not shown */
};

/* A feature of `ethtool -k` or a flag of `ethtool --show-priv-flags`. */
struct nic_switch {
	char name[NIC_NAME_MAX];
	bool is_on;
	bool is_fixed; /* cannot be changed */
};

struct nic_channels {
	uint32_t rx, tx, combined;
	uint32_t rx_max, tx_max, combined_max;
};

struct nic_rings {
	uint32_t rx, tx, rx_max, tx_max;
};

/* A version that devlink tells, like fw.mgmt. */
struct nic_version {
	char name[NIC_NAME_MAX], value[64];
};

/* An interface that stands on this one. */
struct nic_upper {
	char name[IFNAMSIZ];
	char kind[NIC_NAME_MAX];
};

/* What a program load that names the interface came to: the kernel refuses
 * before it looks at any hardware (detection.md). */
enum nic_trial {
	NIC_TRIAL_NONE,	   /* not made, or refused for another reason */
	NIC_TRIAL_GENERIC, /* EOPNOTSUPP: the driver has no ndo_bpf */
	NIC_TRIAL_NATIVE,  /* EINVAL: it has, but no offload */
	NIC_TRIAL_HW,	   /* loaded: offload */
};

/* The other end of a veth. */
struct nic_peer {
	bool is_gone;
	bool is_known;	     /* the rest is */
	char name[IFNAMSIZ]; /* "" when it is not shown */
	/* As for `ip -n NETNS`; "" here, "?" where nobody named it. */
	char netns[64];
	uint32_t mtu;
	uint32_t tx_queues;
	bool is_tx_bound; /* tx_queues is only the most that it can have */
};

struct nic {
	struct link link;
	int tried[NIC_SOURCE_COUNT]; /* 1: told; 0: not asked; -errno */
	struct nic_program programs[NIC_PROGRAMS_MAX];
	size_t program_count;
	struct nic_upper uppers[NIC_UPPERS_MAX];
	size_t upper_count;
	/* NIC_SOURCE_DRIVER; empty otherwise */
	char driver[NIC_NAME_MAX], version[NIC_NAME_MAX];
	char firmware[NIC_NAME_MAX], bus[NIC_NAME_MAX];
	/* NIC_SOURCE_FEATURES, NIC_SOURCE_FLAGS */
	struct nic_switch features[NIC_FEATURES_MAX], flags[NIC_FLAGS_MAX];
	size_t feature_count, flag_count;
	struct nic_channels channels; /* NIC_SOURCE_CHANNELS */
	struct nic_rings rings;	      /* NIC_SOURCE_RINGS */
	uint64_t xdp_features;	      /* NIC_SOURCE_XDP_FEATURES */
	enum nic_trial trial;	      /* NIC_SOURCE_TRIAL */
	char devlink[64]; /* NIC_SOURCE_DEVLINK: "pci/0000:03:00.0" */
	struct nic_version versions[NIC_VERSIONS_MAX];
	size_t version_count;
	uint32_t ntuple_rules, ntuple_max; /* NIC_SOURCE_NTUPLE; max 0: ? */
	bool has_guest_offloads; /* NIC_SOURCE_VIRTIO: on, and not ours */
	uint32_t vfs;		 /* NIC_SOURCE_VFS: virtual functions in use */
	uint32_t cpus;		 /* that may be, 0: not known */
	struct nic_peer peer;	 /* of a veth */
	char bond_mode[NIC_NAME_MAX], bond_hash[NIC_NAME_MAX];
	struct nic *ports; /* of a bond; they have no ports themselves */
	size_t port_count;
};

/*
 * Ask all sources about the interface @name. -ENODEV with a sentence when
 * there is none, also when it vanishes meanwhile; -ENOMEM.
 */
int nic_read(const char *name, struct nic **out, struct err *err);
void nic_free(struct nic *nic);
OWN_DEFINE(nic)

/* The switch of that name, or NULL. */
const struct nic_switch *nic_find_switch(const struct nic_switch *switches,
					 size_t count, const char *name);

static inline bool nic_has(const struct nic *nic, enum nic_source source)
{
	return nic->tried[source] > 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The sources of struct nic, each in a file of its own. What they return goes
 * to nic.tried: 1, or -errno (0 where the question makes no sense). They find
 * nic->link filled.
 */
#include "net/nic.h"

/* net/nic_ethtool.c: ethtool genl, Linux 5.6 */
int nic_read_features(struct nic *nic);
int nic_read_flags(struct nic *nic);
int nic_read_channels(struct nic *nic);
int nic_read_rings(struct nic *nic);
/* The real number of transmit queues of another interface here. */
int nic_ask_channels(int ifindex, struct nic_channels *out);

/* net/nic_ioctl.c: what only SIOCETHTOOL gives */
int nic_read_driver(struct nic *nic);
int nic_read_ntuple(struct nic *nic);

/* net/nic_xdp.c */
int nic_read_xdp_features(struct nic *nic); /* netdev genl, Linux 6.3 */
int nic_read_trial(struct nic *nic);
int nic_read_links(struct nic *nic); /* fills programs */

/* net/nic_devlink.c */
int nic_read_devlink(struct nic *nic);

/* net/nic_sysfs.c: as far as /sys is that of this network namespace */
int nic_read_virtio(struct nic *nic);
int nic_read_vfs(struct nic *nic);

/* net/nic_kin.c: a veth's other end, a bond's mode. 0 or -errno. */
int nic_read_kin(struct nic *nic);

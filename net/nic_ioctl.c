// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "net/nic_parts.h"

/* 0 or -errno; @command begins with its own number. */
static int ask(const struct nic *nic, void *command)
{
	OWN_FD int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_data = command };

	if (fd < 0)
		return -errno;
	memcpy(request.ifr_name, nic->link.name, sizeof(request.ifr_name));
	return ioctl(fd, SIOCETHTOOL, &request) < 0 ? -errno : 0;
}

/* The kernel's fields need not end. */
static void copy(char out[NIC_NAME_MAX], const char *from)
{
	snprintf(out, NIC_NAME_MAX, "%.*s", NIC_NAME_MAX - 1, from);
}

int nic_read_driver(struct nic *nic)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	int result = ask(nic, &info);

	if (result < 0)
		return result;
	copy(nic->driver, info.driver);
	copy(nic->version, info.version);
	copy(nic->firmware, info.fw_version);
	copy(nic->bus, info.bus_info);
	return 1;
}

/*
 * How many rules there are. Where the driver chooses places by itself it says
 * in .data how many there can be, in the answer that lists all of them.
 */
int nic_read_ntuple(struct nic *nic)
{
	struct ethtool_rxnfc count = { .cmd = ETHTOOL_GRXCLSRLCNT };
	int result = ask(nic, &count);

	if (result < 0)
		return result;
	nic->ntuple_rules = count.rule_cnt;

	size_t room = count.rule_cnt < 65536 ? count.rule_cnt : 65536;
	OWN_MEM struct ethtool_rxnfc *all =
		calloc(1, sizeof(*all) + room * sizeof(all->rule_locs[0]));
	if (!all)
		return -ENOMEM;
	all->cmd = ETHTOOL_GRXCLSRLALL;
	all->rule_cnt = room;
	if (ask(nic, all) == 0)
		nic->ntuple_max = all->data & ~(uint64_t)RX_CLS_LOC_SPECIAL;
	return 1;
}

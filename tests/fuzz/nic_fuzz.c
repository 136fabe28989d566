// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver, or a kernel for it, says of its interface: ethtool by netlink
 * and by ioctl(), devlink, netdev, rtnetlink. The first byte of the input
 * chooses one of them, or all; the rest are the answers (answers.h), where those
 * to an ioctl() are the structure without the number of the command.
 */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/num.h"
#include "net/nic_parts.h"
#include "nicdb/load.h"
#include "tests/fuzz/answers.h"
#include "tests/fuzz/told.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of the structure that the caller has, beginning with the command. */
static size_t size_of(const struct ethtool_rxnfc *command)
{
	switch (command->cmd) {
	case ETHTOOL_GDRVINFO:
		return sizeof(struct ethtool_drvinfo);
	case ETHTOOL_GRXCLSRLALL:
		return sizeof(*command) +
		       command->rule_cnt * sizeof(command->rule_locs[0]);
	default:
		return sizeof(*command);
	}
}

/* Stands in for the C library's; only ethtool asks by it here. */
int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	size_t length;

	(void)fd;
	va_start(args, request);
	const struct ifreq *asked = va_arg(args, const struct ifreq *);
	va_end(args);
	if (request != SIOCETHTOOL) {
		errno = ENOTTY;
		return -1;
	}
	size_t room = size_of((void *)asked->ifr_data) - sizeof(uint32_t);
	if (answers_next(asked->ifr_data + sizeof(uint32_t), room, &length))
		return 0;
	errno = EOPNOTSUPP;
	return -1;
}

static int read_kin_of_veth(struct nic *nic)
{
	strcpy(nic->link.kind, "veth");
	return nic_read_kin(nic);
}

static const struct {
	enum nic_source source;
	int (*read)(struct nic *nic);
} readers[] = {
	{ NIC_SOURCE_DRIVER, nic_read_driver },
	{ NIC_SOURCE_FEATURES, nic_read_features },
	{ NIC_SOURCE_FLAGS, nic_read_flags },
	{ NIC_SOURCE_CHANNELS, nic_read_channels },
	{ NIC_SOURCE_RINGS, nic_read_rings },
	{ NIC_SOURCE_NTUPLE, nic_read_ntuple },
	{ NIC_SOURCE_XDP_FEATURES, nic_read_xdp_features },
	{ NIC_SOURCE_DEVLINK, nic_read_devlink },
	{ NIC_SOURCE_COUNT, nic_read_kin }, /* a bond */
	{ NIC_SOURCE_COUNT, read_kin_of_veth },
};

static void read_one(struct nic *nic, size_t i)
{
	int result = readers[i].read(nic);

	if (readers[i].source != NIC_SOURCE_COUNT)
		nic->tried[readers[i].source] = result;
}

/* The facts that are built in. */
static struct nicdb *facts(void)
{
	static struct nicdb *db;
	OWN_BUF struct buf notes = BUF_INIT;
	struct err err;

	if (!db)
		nicdb_load("/nonexistent", "/nonexistent", &db, &notes, &err);
	return db;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kernel_features kernel = { 0 };
	struct nic nic = { .link = { .name = "eth0", .ifindex = 2 } };

	if (!size || !facts())
		return 0;
	answers_begin_short(data + 1, size - 1);
	if (data[0] < ARRAY_SIZE(readers))
		read_one(&nic, data[0]);
	for (size_t i = 0;
	     data[0] >= ARRAY_SIZE(readers) && i < ARRAY_SIZE(readers) - 1; i++)
		read_one(&nic, i);
	/* No kernel has so many features that the sign of a number is one. */
	nic.xdp_features &= INT64_MAX;
	told_check(&nic, facts(), &kernel);
	return 0;
}

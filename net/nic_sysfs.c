// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "net/nic_parts.h"

/*
 * A file of the device's directory. /sys may be that of another namespace, and
 * its interface of this name another one: the number must be the same.
 */
static FILE *open_file(const struct nic *nic, const char *name)
{
	char path[128];
	int ifindex = 0;

	snprintf(path, sizeof(path), "/sys/class/net/%s/ifindex",
		 nic->link.name);
	OWN_FILE FILE *number = fopen(path, "re");
	if (!number)
		return NULL;
	if (fscanf(number, "%d", &ifindex) != 1 ||
	    ifindex != nic->link.ifindex) {
		errno = ENOENT;
		return NULL;
	}
	snprintf(path, sizeof(path), "/sys/class/net/%s/device/%s",
		 nic->link.name, name);
	return fopen(path, "re");
}

/* Of the virtio network device (linux/virtio_net.h), as a text of 0 and 1. */
#define GUEST_CSUM	    1
#define CTRL_GUEST_OFFLOADS 2
#define GUEST_TSO4	    7
#define GUEST_TSO6	    8
#define GUEST_ECN	    9
#define GUEST_UFO	    10

/* What virtnet_xdp_set() in drivers/net/virtio_net.c (6.1, 6.12) looks at. */
int nic_read_virtio(struct nic *nic)
{
	static const size_t offloads[] = { GUEST_CSUM, GUEST_TSO4, GUEST_TSO6,
					   GUEST_ECN, GUEST_UFO };
	char bits[80] = "";

	if (strcmp(nic->driver, "virtio_net") != 0)
		return 0;
	OWN_FILE FILE *file = open_file(nic, "features");
	if (!file)
		return -errno;
	if (!fgets(bits, sizeof(bits), file) || strlen(bits) < 64)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(offloads); i++)
		nic->has_guest_offloads |= bits[offloads[i]] == '1';
	if (bits[CTRL_GUEST_OFFLOADS] == '1')
		nic->has_guest_offloads = false;
	return 1;
}

int nic_read_vfs(struct nic *nic)
{
	OWN_FILE FILE *file = open_file(nic, "sriov_numvfs");

	if (!file)
		return -errno;
	return fscanf(file, "%9u", &nic->vfs) == 1 ? 1 : -EINVAL;
}

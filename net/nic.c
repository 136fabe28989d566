// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "net/nic_parts.h"

static const char *const source_names[NIC_SOURCE_COUNT] = {
#define SOURCE(id, name) [NIC_SOURCE_##id] = name,
#include "net/nic.def"
#undef SOURCE
};

/* In this order: some ask what others have told. */
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
	{ NIC_SOURCE_TRIAL, nic_read_trial },
	{ NIC_SOURCE_DEVLINK, nic_read_devlink },
	{ NIC_SOURCE_LINKS, nic_read_links },
	{ NIC_SOURCE_VIRTIO, nic_read_virtio },
	{ NIC_SOURCE_VFS, nic_read_vfs },
};
_Static_assert(ARRAY_SIZE(readers) == NIC_SOURCE_COUNT, "a reader for each");

const char *nic_source_name(enum nic_source source)
{
	return source_names[source];
}

const struct nic_switch *nic_find_switch(const struct nic_switch *switches,
					 size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(switches[i].name, name))
			return &switches[i];
	}
	return NULL;
}

void nic_free(struct nic *nic)
{
	if (!nic)
		return;
	free(nic->ports);
	free(nic);
}

/* Everything about @nic->link but its relatives. 0 or -ENOMEM. */
static int read_sources(struct nic *nic)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	nic->cpus = cpus > 0 ? cpus : 0;
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		int result = readers[i].read(nic);

		if (result == -ENOMEM)
			return result;
		nic->tried[readers[i].source] = result;
	}
	return 0;
}

/* All that stands on the interface, or has it as its port. */
static void find_uppers(struct nic *nic, const struct link *links, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!link_is_upper(&links[i], &nic->link) ||
		    nic->upper_count == NIC_UPPERS_MAX)
			continue;
		struct nic_upper *upper = &nic->uppers[nic->upper_count++];
		memcpy(upper->name, links[i].name, sizeof(upper->name));
		memcpy(upper->kind, links[i].kind, sizeof(upper->kind));
	}
}

static int read_ports(struct nic *nic, const struct link *links, size_t count)
{
	if (!nic->bond_mode[0])
		return 0;
	nic->ports = calloc(count, sizeof(*nic->ports));
	if (!nic->ports)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (links[i].master != nic->link.ifindex)
			continue;
		struct nic *port = &nic->ports[nic->port_count];
		port->link = links[i];
		int result = read_sources(port);
		if (result == 0)
			result = nic_read_kin(port);
		if (result == -ENOMEM)
			return result;
		nic->port_count++;
	}
	return 0;
}

/* -ENODEV when it went while it was asked: what was read means nothing. */
static int check_alive(const struct nic *nic, struct err *err)
{
	struct link now;
	int result = link_get(nic->link.name, &now, err);

	if (result < 0)
		return result;
	if (now.ifindex == nic->link.ifindex)
		return 0;
	err_set(err, ERR_SYSTEM, 0,
		"the interface \"%s\" was replaced by another one of that name "
		"while it was looked at; try again",
		nic->link.name);
	return -ENODEV;
}

int nic_read(const char *name, struct nic **out, struct err *err)
{
	OWN(nic) struct nic *nic = calloc(1, sizeof(*nic));
	OWN_MEM struct link *links = NULL;
	size_t count = 0;

	if (!nic)
		return err_no_memory(err);
	int result = link_get(name, &nic->link, err);
	if (result == 0)
		result = link_list(&links, &count, err);
	if (result < 0)
		return result;
	result = read_sources(nic);
	if (result == 0)
		result = nic_read_kin(nic);
	if (result == 0)
		result = read_ports(nic, links, count);
	if (result == -ENOMEM)
		return err_no_memory(err);
	find_uppers(nic, links, count);
	result = check_alive(nic, err);
	if (result == 0)
		*out = take(nic);
	return result;
}

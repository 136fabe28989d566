// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "report/members.h"
#include "report/probe.h"

static const char *const xdp_words[] = { "none", "native", "generic", "hw",
					 "multi" };
static const char *const mode_words[] = { "native", "generic", "hw" };
static const char *const owner_words[] = { "unknown", "netlink", "link" };
static const char *const trial_words[] = { "none", "generic", "native", "hw" };

static const struct member link_items[] = {
	INT(struct link, ifindex, "ifindex"),
	TEXT(struct link, name, "name"),
	TEXT(struct link, kind, "kind"),
	U16(struct link, type, "type"),
	U32(struct link, mtu, "mtu"),
	BOOL(struct link, is_up, "up"),
	BOOL(struct link, is_loopback, "loopback"),
	INT(struct link, master, "master"),
	TEXT(struct link, master_name, "master_name"),
	TEXT(struct link, slave_kind, "port_kind"),
	INT(struct link, lower, "lower"),
	WORD(struct link, xdp, "xdp", xdp_words),
	U32(struct link, native_id, "native_program"),
	U32(struct link, generic_id, "generic_program"),
	U32(struct link, hw_id, "hw_program"),
};
MEMBERS(link);

static const struct member program_items[] = {
	U32(struct nic_program, id, "id"),
	WORD(struct nic_program, mode, "mode", mode_words),
	WORD(struct nic_program, owner, "owner", owner_words),
	U32(struct nic_program, link_id, "link"),
	TEXT(struct nic_program, name, "name"),
};
MEMBERS(program);

static const struct member upper_items[] = {
	TEXT(struct nic_upper, name, "name"),
	TEXT(struct nic_upper, kind, "kind"),
};
MEMBERS(upper);

static const struct member switch_items[] = {
	TEXT(struct nic_switch, name, "name"),
	BOOL(struct nic_switch, is_on, "on"),
	BOOL(struct nic_switch, is_fixed, "fixed"),
};
MEMBERS(switch);

static const struct member version_items[] = {
	TEXT(struct nic_version, name, "name"),
	TEXT(struct nic_version, value, "value"),
};
MEMBERS(version);

static const struct member channel_items[] = {
	U32(struct nic_channels, rx, "rx"),
	U32(struct nic_channels, tx, "tx"),
	U32(struct nic_channels, combined, "combined"),
	U32(struct nic_channels, rx_max, "rx_max"),
	U32(struct nic_channels, tx_max, "tx_max"),
	U32(struct nic_channels, combined_max, "combined_max"),
};
MEMBERS(channel);

static const struct member ring_items[] = {
	U32(struct nic_rings, rx, "rx"),
	U32(struct nic_rings, tx, "tx"),
	U32(struct nic_rings, rx_max, "rx_max"),
	U32(struct nic_rings, tx_max, "tx_max"),
};
MEMBERS(ring);

static const struct member peer_items[] = {
	BOOL(struct nic_peer, is_gone, "gone"),
	BOOL(struct nic_peer, is_known, "known"),
	TEXT(struct nic_peer, name, "name"),
	TEXT(struct nic_peer, netns, "netns"),
	U32(struct nic_peer, mtu, "mtu"),
	U32(struct nic_peer, tx_queues, "tx_queues"),
	BOOL(struct nic_peer, is_tx_bound, "tx_queues_at_most"),
};
MEMBERS(peer);

static const struct member nic_items[] = {
	ITEM(struct nic, link, "link", link),
	LIST(struct nic, programs, "programs", program, program_count),
	LIST(struct nic, uppers, "uppers", upper, upper_count),
	TEXT(struct nic, driver, "driver"),
	TEXT(struct nic, version, "version"),
	TEXT(struct nic, firmware, "firmware"),
	TEXT(struct nic, bus, "bus"),
	LIST(struct nic, features, "features", switch, feature_count),
	LIST(struct nic, flags, "flags", switch, flag_count),
	ITEM(struct nic, channels, "channels", channel),
	ITEM(struct nic, rings, "rings", ring),
	U64(struct nic, xdp_features, "xdp_features"),
	WORD(struct nic, trial, "trial", trial_words),
	TEXT(struct nic, devlink, "devlink"),
	LIST(struct nic, versions, "versions", version, version_count),
	U32(struct nic, ntuple_rules, "ntuple_rules"),
	U32(struct nic, ntuple_max, "ntuple_max"),
	BOOL(struct nic, has_guest_offloads, "guest_offloads"),
	U32(struct nic, vfs, "vfs"),
	U32(struct nic, cpus, "cpus"),
	ITEM(struct nic, peer, "peer", peer),
	TEXT(struct nic, bond_mode, "bond_mode"),
	TEXT(struct nic, bond_hash, "bond_hash"),
};
MEMBERS(nic);

static const struct member kernel_items[] = {
	TEXT(struct kernel_features, release, "release"),
	U32(struct kernel_features, version, "version"),
	TEXT(struct kernel_features, lockdown, "lockdown"),
	BOOL(struct kernel_features, has_btf, "btf"),
	BOOL(struct kernel_features, has_jit, "jit"),
	BOOL(struct kernel_features, has_frags, "frags"),
	BOOL(struct kernel_features, has_device, "device_check"),
	BOOL(struct kernel_features, has_conntrack, "conntrack_lookup"),
	BOOL(struct kernel_features, has_zones, "conntrack_zones"),
};
MEMBERS(kernel);

/* Under their names: 1 told, 0 not asked, or the negative errno. */
static json_t *make_sources(struct jsonio *io, const struct nic *nic)
{
	json_t *object = jsonio_object(io);

	for (int i = 0; i < NIC_SOURCE_COUNT; i++)
		jsonio_put(io, object, nic_source_name(i),
			   json_integer(nic->tried[i]));
	return object;
}

json_t *probe_make(struct jsonio *io, const struct nic *nic)
{
	json_t *object = members_make(io, &nic_members, (const char *)nic);
	json_t *ports = jsonio_array(io);

	jsonio_put(io, object, "sources", make_sources(io, nic));
	for (size_t i = 0; nic->ports && i < nic->port_count; i++)
		jsonio_append(io, ports, probe_make(io, &nic->ports[i]));
	jsonio_put(io, object, "ports", ports);
	return object;
}

json_t *probe_make_kernel(struct jsonio *io,
			  const struct kernel_features *kernel)
{
	return members_make(io, &kernel_members, (const char *)kernel);
}

static int parse_sources(const json_t *object, struct nic *nic, struct err *err)
{
	const json_t *sources = json_object_get(object, "sources");

	for (int i = 0; sources && i < NIC_SOURCE_COUNT; i++) {
		const json_t *value =
			json_object_get(sources, nic_source_name(i));
		json_int_t number = json_integer_value(value);

		if (value &&
		    (!json_is_integer(value) || number > 1 || number < -4095))
			return members_expected(
				err, nic_source_name(i),
				"1 (it told), 0 (not asked) or a "
				"negative errno");
		nic->tried[i] = (int)number;
	}
	return 0;
}

static int parse_nic(const json_t *object, struct nic *nic, struct err *err)
{
	int result =
		members_parse(&nic_members, object, (char *)nic, "probe", err);

	if (result == 0)
		result = parse_sources(object, nic, err);
	if (result == 0 && !nic->link.name[0])
		result = members_expected(err, "name",
					  "the interface's name, in "
					  "\"link\"");
	return result;
}

static int parse_ports(const json_t *object, struct nic *nic, struct err *err)
{
	const json_t *ports = json_object_get(object, "ports");
	int result = 0;

	if (!json_array_size(ports))
		return 0;
	if (json_array_size(ports) > 256)
		return members_expected(err, "ports", "at most 256 ports");
	nic->ports = calloc(json_array_size(ports), sizeof(*nic->ports));
	if (!nic->ports)
		return err_no_memory(err);
	for (; result == 0 && nic->port_count < json_array_size(ports);
	     nic->port_count++)
		result = parse_nic(json_array_get(ports, nic->port_count),
				   &nic->ports[nic->port_count], err);
	return result;
}

static int parse_interfaces(const json_t *root, struct probes *probes,
			    struct err *err)
{
	const json_t *list = json_object_get(root, "interfaces");
	int result = 0;

	if (!json_is_array(list) || json_array_size(list) > 65536)
		return members_expected(err, "interfaces",
					"a list of interfaces");
	probes->nics = calloc(json_array_size(list) + 1, sizeof(*probes->nics));
	if (!probes->nics)
		return err_no_memory(err);
	while (result == 0 && probes->count < json_array_size(list)) {
		const json_t *probe =
			json_object_get(json_array_get(list, probes->count),
					"probe");
		struct nic *nic = calloc(1, sizeof(*nic));

		if (!nic)
			return err_no_memory(err);
		probes->nics[probes->count++] = nic;
		result = parse_nic(probe, nic, err);
		if (result == 0)
			result = parse_ports(probe, nic, err);
	}
	return result;
}

int probe_parse(const char *text, struct probes **out, struct err *err)
{
	OWN(probes) struct probes *probes = calloc(1, sizeof(*probes));
	json_error_t why;
	OWN_JSON json_t *root = json_loads(text, 0, &why);

	if (!probes)
		return err_no_memory(err);
	if (!root)
		return err_input(err,
				 "line %d: this is no JSON (%s): expected what "
				 "wirewall caps --json printed",
				 why.line, why.text);
	const char *kind = json_string_value(json_object_get(root, "kind"));
	if (!kind || strcmp(kind, "caps") != 0)
		return members_expected(
			err, "kind",
			"\"caps\", as wirewall caps --json prints");
	const json_t *kernel = json_object_get(root, "kernel");
	int result =
		kernel ? members_parse(&kernel_members, kernel,
				       (char *)&probes->kernel, "kernel", err)
		       : 0;
	probes->has_kernel = kernel;
	if (result == 0)
		result = parse_interfaces(root, probes, err);
	if (result == 0)
		*out = take(probes);
	return result;
}

void probes_free(struct probes *probes)
{
	if (!probes)
		return;
	for (size_t i = 0; i < probes->count; i++)
		nic_free(probes->nics[i]);
	free(probes->nics);
	free(probes);
}

struct nic *probe_find(const struct probes *probes, const char *name)
{
	for (size_t i = 0; i < probes->count; i++) {
		if (!strcmp(probes->nics[i]->link.name, name))
			return probes->nics[i];
	}
	return NULL;
}

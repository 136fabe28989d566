// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "offload/caps_values.h"

static bool number(struct need_value *out, uint64_t value)
{
	*out = (struct need_value){ .number = (int64_t)value };
	return true;
}

static bool word(struct need_value *out, const char *text)
{
	*out = (struct need_value){ 0 };
	snprintf(out->text, sizeof(out->text), "%s", text);
	return true;
}

/*
 * A name as a shell takes it: interfaces may be called anything without blanks
 * and slashes.
 */
static bool quoted(struct need_value *out, const char *text)
{
	bool is_plain = *text && *text != '-';

	for (const char *c = text; *c; c++)
		is_plain &= isalnum((unsigned char)*c) || strchr("._-@+", *c);
	if (is_plain)
		return word(out, text);

	size_t length = 0;
	*out = (struct need_value){ 0 };
	out->text[length++] = '\'';
	for (; *text && length < sizeof(out->text) - 6; text++) {
		if (*text == '\'') {
			memcpy(out->text + length, "'\\''", 4);
			length += 4;
		} else {
			out->text[length++] = *text;
		}
	}
	out->text[length] = '\'';
	return !*text;
}

/* -1 when the switch is not there; false when nobody told. */
static bool find_switch(const struct nic *nic, enum nic_source source,
			const char *name, int *out)
{
	bool is_feature = source == NIC_SOURCE_FEATURES;
	const struct nic_switch *found =
		is_feature ? nic_find_switch(nic->features, nic->feature_count,
					     name)
			   : nic_find_switch(nic->flags, nic->flag_count, name);

	*out = found ? found->is_on : -1;
	return nic_has(nic, source);
}

static bool look_up_channels(const struct nic *nic, const char *name,
			     struct need_value *out)
{
	const struct nic_channels *channels = &nic->channels;
	const struct {
		const char *name;
		uint32_t value;
	} values[] = {
		{ "rx", channels->rx },
		{ "tx", channels->tx },
		{ "combined", channels->combined },
		{ "rx-max", channels->rx_max },
		{ "tx-max", channels->tx_max },
		{ "combined-max", channels->combined_max },
	};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (!strcmp(name, values[i].name))
			return nic_has(nic, NIC_SOURCE_CHANNELS) &&
			       number(out, values[i].value);
	}
	return false;
}

/*
 * Of a peer in another namespace only the most queues are known that it can
 * have: they are good enough where even these would not be too many.
 */
static bool look_up_peer_tx(const struct nic *nic, struct need_value *out)
{
	if (!nic->peer.is_known ||
	    (nic->peer.is_tx_bound && nic->peer.tx_queues > nic->channels.rx))
		return false;
	return number(out, nic->peer.tx_queues);
}

/* The command for where the peer is. */
static bool look_up_command(const struct nic_peer *peer, const char *here,
			    const char *there, struct need_value *out)
{
	struct need_value netns;

	if (!*peer->netns)
		return word(out, here);
	/* Nobody has given that namespace a name. */
	if (!strcmp(peer->netns, "?") || !quoted(&netns, peer->netns))
		return false;
	*out = (struct need_value){ 0 };
	snprintf(out->text, sizeof(out->text), there, netns.text);
	return true;
}

static bool look_up_peer(const struct nic *nic, const char *name,
			 struct need_value *out)
{
	const struct nic_peer *peer = &nic->peer;

	if (!strcmp(name, "peer-gone"))
		return (peer->is_gone || peer->is_known) &&
		       number(out, peer->is_gone);
	if (!strcmp(name, "peer-tx"))
		return look_up_peer_tx(nic, out);
	if (!peer->is_known)
		return false;
	if (!strcmp(name, "peer"))
		return *peer->name && quoted(out, peer->name);
	if (!strcmp(name, "peer-mtu"))
		return number(out, peer->mtu);
	if (!strcmp(name, "peer-tx-max"))
		return number(out, peer->tx_queues);
	if (!strcmp(name, "peer-command"))
		return look_up_command(peer, "ip", "ip -n %.60s", out);
	return !strcmp(name, "peer-ethtool") &&
	       look_up_command(peer, "ethtool", "ip netns exec %.60s ethtool",
			       out);
}

/* "vNIC NSP MIP-name app" (nfp): the last word. */
static bool look_up_app(const struct nic *nic, struct need_value *out)
{
	const char *space = strrchr(nic->firmware, ' ');

	return nic_has(nic, NIC_SOURCE_DRIVER) && *nic->firmware &&
	       word(out, space ? space + 1 : nic->firmware);
}

static bool look_up_bond(const struct caps_values *values, const char *name,
			 struct need_value *out)
{
	const struct nic *nic = values->nic;

	if (!*nic->bond_mode)
		return false;
	if (!strcmp(name, "bond-mode"))
		return word(out, nic->bond_mode);
	if (!strcmp(name, "bond-hash"))
		return word(out, *nic->bond_hash ? nic->bond_hash : "none");
	if (!strcmp(name, "ports-without-native"))
		return number(out, values->ports_without_native);
	if (!strcmp(name, "ports-with-program"))
		return number(out, values->ports_with_program);
	return !strcmp(name, "bad-port") && values->bad_port &&
	       quoted(out, values->bad_port);
}

/* With the fallback of a kernel that does not show /sys: a device that cannot
 * switch off what it does together with the host has it on for good. */
static bool look_up_offloads(const struct nic *nic, struct need_value *out)
{
	const struct nic_switch *gro =
		nic_find_switch(nic->features, nic->feature_count, "rx-gro-hw");

	if (nic_has(nic, NIC_SOURCE_VIRTIO))
		return number(out, nic->has_guest_offloads);
	if (gro && gro->is_on)
		return number(out, gro->is_fixed);
	return false;
}

static bool look_up_switch(const struct nic *nic, const char *name,
			   struct need_value *out)
{
	int is_on;

	if (!strncmp(name, "feature:", 8))
		return find_switch(nic, NIC_SOURCE_FEATURES, name + 8,
				   &is_on) &&
		       number(out, is_on > 0);
	if (!strncmp(name, "flag:", 5))
		return find_switch(nic, NIC_SOURCE_FLAGS, name + 5, &is_on) &&
		       number(out, is_on > 0);
	if (!strncmp(name, "flag-off:", 9))
		return find_switch(nic, NIC_SOURCE_FLAGS, name + 9, &is_on) &&
		       number(out, is_on == 0);
	return false;
}

bool caps_values_look_up(void *context, const char *name,
			 struct need_value *out)
{
	const struct caps_values *values = context;
	const struct nic *nic = values->nic;

	if (!strcmp(name, "if"))
		return quoted(out, nic->link.name);
	if (!strcmp(name, "mtu"))
		return number(out, nic->link.mtu);
	if (!strcmp(name, "cpus"))
		return nic->cpus && number(out, nic->cpus);
	if (!strcmp(name, "guest-offloads"))
		return look_up_offloads(nic, out);
	if (!strcmp(name, "sriov-vfs"))
		/* A device without the file has none. */
		return number(out, nic_has(nic, NIC_SOURCE_VFS) ? nic->vfs : 0);
	if (!strcmp(name, "firmware-app"))
		return look_up_app(nic, out);
	return look_up_channels(nic, name, out) ||
	       look_up_peer(nic, name, out) ||
	       look_up_bond(values, name, out) ||
	       look_up_switch(nic, name, out);
}

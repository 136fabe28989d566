// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "offload/caps_parts.h"

static void add_bit(struct caps *caps, const char *name,
		    enum caps_verdict answer, enum caps_origin origin,
		    enum caps_certainty certainty)
{
	if (caps->bit_count == CAPS_BITS_MAX)
		return;
	caps->bits[caps->bit_count++] =
		(struct caps_bit){ name, answer, origin, certainty };
}

/* What xdp-features show, or else the row of the driver. */
static void add_flag(struct caps *caps, const char *name, uint64_t flag)
{
	const struct nic *nic = &caps->nic;

	if (nic_has(nic, NIC_SOURCE_XDP_FEATURES))
		add_bit(caps, name,
			nic->xdp_features & flag ? CAPS_YES : CAPS_NO,
			CAPS_BY_KERNEL, CAPS_CERTAIN);
	else
		add_bit(caps, name, CAPS_UNKNOWN, CAPS_INFERRED, CAPS_GUESSED);
}

static void add_frags(struct caps *caps, const struct kernel_features *kernel)
{
	const struct nicdb_driver *driver = caps->driver;

	if (kernel && !kernel->has_frags)
		add_bit(caps, "frags", CAPS_NO, CAPS_BY_TRIAL, CAPS_CERTAIN);
	else if (nic_has(&caps->nic, NIC_SOURCE_XDP_FEATURES))
		add_flag(caps, "frags", NIC_XDP_RX_SG);
	else if (driver && kernel && kernel->version)
		add_bit(caps, "frags",
			driver->frags && driver->frags <= kernel->version
				? CAPS_YES
				: CAPS_NO,
			CAPS_BY_NICDB, CAPS_LIKELY);
	else
		add_flag(caps, "frags", NIC_XDP_RX_SG);
}

static void add_kernel(struct caps *caps, const char *name, bool has)
{
	add_bit(caps, name, has ? CAPS_YES : CAPS_NO, CAPS_BY_KERNEL,
		CAPS_CERTAIN);
}

void caps_list_bits(struct caps *caps, const struct kernel_features *kernel)
{
	for (int tier = TIER_HW; tier > TIER_NONE; tier--) {
		const struct caps_tier *of = &caps->tiers[tier];

		add_bit(caps, tier_name(tier), of->able, of->origin,
			of->certainty);
	}
	add_frags(caps, kernel);
	add_flag(caps, "redirect", NIC_XDP_REDIRECT);
	add_flag(caps, "xsk-zerocopy", NIC_XDP_XSK);
	if (!kernel)
		return;
	add_kernel(caps, "kernel-btf", kernel->has_btf);
	add_kernel(caps, "kernel-jit", kernel->has_jit);
	add_kernel(caps, "kernel-frags", kernel->has_frags);
	add_kernel(caps, "kernel-device-check", kernel->has_device);
	add_kernel(caps, "kernel-conntrack-lookup", kernel->has_conntrack);
}

static void fill_filter(struct caps_filter *out,
			const struct nicdb_filter *rows, size_t count,
			uint32_t version)
{
	for (size_t i = 0; i < count; i++) {
		if (!nicdb_applies(&rows[i].kernels, version))
			continue;
		out->is_known = true;
		out->kind = rows[i].kind;
		out->capacity = rows[i].capacity;
		out->origin = CAPS_BY_NICDB;
		out->text = rows[i].text;
	}
}

static bool is_on(const struct nic *nic, const char *name)
{
	const struct nic_switch *found =
		nic_find_switch(nic->features, nic->feature_count, name);

	return found && found->is_on;
}

void caps_list_filters(struct caps *caps, const struct kernel_features *kernel)
{
	const struct nicdb_driver *driver = caps->driver;
	const struct nic *nic = &caps->nic;
	uint32_t version = kernel ? kernel->version : 0;

	if (driver) {
		fill_filter(&caps->ntuple, driver->ntuple, driver->ntuple_count,
			    version);
		fill_filter(&caps->flower, driver->flower, driver->flower_count,
			    version);
	}
	caps->ntuple.is_on = is_on(nic, "rx-ntuple-filter");
	caps->flower.is_on = is_on(nic, "hw-tc-offload");
	if (!nic_has(nic, NIC_SOURCE_NTUPLE))
		return;
	caps->ntuple.used = nic->ntuple_rules;
	if (nic->ntuple_max) {
		caps->ntuple.capacity = nic->ntuple_max;
		caps->ntuple.origin = CAPS_BY_KERNEL;
	}
}

void caps_list_warnings(struct caps *caps, const struct kernel_features *kernel)
{
	const struct nicdb_driver *driver = caps->driver;
	uint32_t version = kernel ? kernel->version : 0;

	for (size_t i = 0; driver && i < driver->warning_count; i++) {
		if (nicdb_applies(&driver->warnings[i].kernels, version))
			caps_warn(caps, "%s", driver->warnings[i].text);
	}
	if (caps->nic.bond_mode[0] && version && version < NICDB_VERSION(5, 15))
		caps_warn(caps, "bonds have native XDP since Linux 5.15");
	if (!kernel)
		return;
	if (!kernel->has_btf)
		caps_warn(caps, "the kernel does not tell its types (BTF): "
				"programs of wirewall cannot be loaded");
	else if (!kernel->has_device)
		caps_warn(caps, "the kernel (before 6.2) does not let a "
				"program see its device: apply needs --static");
	if (!kernel->has_jit)
		caps_warn(caps, "the kernel interprets programs: sysctl "
				"net.core.bpf_jit_enable=1 compiles them");
	if (!strcmp(kernel->lockdown, "confidentiality"))
		caps_warn(caps, "kernel lockdown (confidentiality) keeps "
				"programs from reading kernel data");
}

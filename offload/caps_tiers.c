// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "offload/caps_parts.h"

/* What the driver has, whatever the state of the interface. */
struct finding {
	enum caps_verdict has; /* YES, NO, UNKNOWN */
	enum caps_origin origin;
	enum caps_certainty certainty;
	char text[160];
};

static struct finding find(enum caps_verdict has, enum caps_origin origin,
			   enum caps_certainty certainty, const char *text)
{
	struct finding finding = { has, origin, certainty, "" };

	snprintf(finding.text, sizeof(finding.text), "%s", text);
	return finding;
}

static void settle(struct caps *caps, enum tier tier, enum caps_verdict able,
		   const struct finding *finding)
{
	struct caps_tier *out = &caps->tiers[tier];

	out->able = able;
	out->origin = finding->origin;
	out->certainty = finding->certainty;
	memcpy(out->text, finding->text, sizeof(out->text));
}

/* No tier without a reason: no fix is known for it. */
static void refuse(struct caps *caps, enum tier tier, enum reason reason,
		   const struct finding *finding)
{
	struct caps_blocker *blocker =
		caps_add_blocker(caps, reason, CAPS_OF_DEVICE, 1u << tier);

	if (blocker)
		snprintf(blocker->text, sizeof(blocker->text), "%s",
			 finding->text);
	settle(caps, tier, CAPS_NO, finding);
}

static uint32_t version_of(const struct kernel_features *kernel)
{
	return kernel ? kernel->version : 0;
}

/* Can what is not met be helped? */
static bool has_fix(const struct caps_needs *needs)
{
	for (size_t i = 0; i < needs->unmet_count; i++) {
		if (!needs->unmet[i]->fix && !needs->unmet[i]->remedy)
			return false;
	}
	return true;
}

static struct finding find_hw(const struct caps *caps)
{
	const struct nic *nic = &caps->nic;

	if (nic_has(nic, NIC_SOURCE_XDP_FEATURES) &&
	    nic->xdp_features & NIC_XDP_HW)
		return find(CAPS_YES, CAPS_BY_KERNEL, CAPS_CERTAIN,
			    "xdp-features have HW_OFFLOAD");
	if (nic->trial == NIC_TRIAL_HW)
		return find(CAPS_YES, CAPS_BY_TRIAL, CAPS_CERTAIN,
			    "a program was loaded for the device");
	if (nic_has(nic, NIC_SOURCE_XDP_FEATURES))
		return find(CAPS_NO, CAPS_BY_KERNEL, CAPS_CERTAIN,
			    "xdp-features are without HW_OFFLOAD");
	if (nic->trial != NIC_TRIAL_NONE)
		return find(CAPS_NO, CAPS_BY_TRIAL, CAPS_CERTAIN,
			    "the kernel loads no program for the device");
	if (caps->driver && caps->driver->hw)
		return find(CAPS_UNKNOWN, CAPS_BY_NICDB, CAPS_GUESSED,
			    "the driver can, with the right firmware");
	if (caps->driver)
		return find(CAPS_NO, CAPS_BY_NICDB, CAPS_LIKELY,
			    "the driver is not known to");
	return find(CAPS_NO, CAPS_INFERRED, CAPS_LIKELY,
		    "only nfp and netdevsim do (Linux 6.12)");
}

void caps_judge_hw(struct caps *caps, const struct kernel_features *kernel)
{
	struct caps_values values = { .nic = &caps->nic };
	struct finding finding = find_hw(caps);
	struct caps_needs needs;

	if (finding.has == CAPS_YES) {
		settle(caps, TIER_HW, CAPS_YES, &finding);
		return;
	}
	caps_ask_needs(caps, &values, CAPS_PROGRAM_HW, version_of(kernel),
		       false, &needs);
	if (caps->driver && caps->driver->hw && needs.unmet_count) {
		caps_block(caps, &values, &needs, TIER_HW);
		settle(caps, TIER_HW,
		       has_fix(&needs) ? CAPS_AFTER_FIX : CAPS_NO, &finding);
	} else if (finding.has == CAPS_NO) {
		refuse(caps, TIER_HW, REASON_NO_OFFLOAD, &finding);
	} else {
		settle(caps, TIER_HW, CAPS_UNKNOWN, &finding);
	}
}

/* By the driver's row and the kernel's version, which backports belie. */
static struct finding find_in_nicdb(const struct nicdb_driver *driver,
				    uint32_t version)
{
	struct finding finding = find(CAPS_UNKNOWN, CAPS_BY_NICDB, CAPS_GUESSED,
				      "the kernel's version is not known");
	uint32_t since = driver->native == NICDB_NEVER ? driver->checked
						       : driver->native;

	if (!version || !since)
		return finding;
	if (driver->native == NICDB_NEVER && version > since) {
		snprintf(finding.text, sizeof(finding.text),
			 "the driver had none up to Linux %u.%u", since >> 16,
			 since & 0xffff);
		return finding;
	}
	finding.has = driver->native != NICDB_NEVER && version >= since
			      ? CAPS_YES
			      : CAPS_NO;
	finding.certainty = CAPS_LIKELY;
	if (driver->native == NICDB_NEVER)
		snprintf(finding.text, sizeof(finding.text),
			 "the driver has none (looked for up to Linux %u.%u)",
			 since >> 16, since & 0xffff);
	else
		snprintf(finding.text, sizeof(finding.text),
			 "the driver has it since Linux %u.%u", since >> 16,
			 since & 0xffff);
	return finding;
}

static struct finding find_native(const struct caps *caps, uint32_t version)
{
	const struct nic *nic = &caps->nic;

	if (nic_has(nic, NIC_SOURCE_XDP_FEATURES) &&
	    nic->xdp_features & NIC_XDP_BASIC)
		return find(CAPS_YES, CAPS_BY_KERNEL, CAPS_CERTAIN,
			    "xdp-features have BASIC");
	if (nic->trial == NIC_TRIAL_GENERIC)
		return find(CAPS_NO, CAPS_BY_TRIAL, CAPS_CERTAIN,
			    "the driver has no entry for XDP (a trial load)");
	if (nic->trial == NIC_TRIAL_NATIVE || nic->trial == NIC_TRIAL_HW)
		return find(CAPS_YES, CAPS_BY_TRIAL, CAPS_CERTAIN,
			    "the driver has an entry for XDP (a trial load)");
	if (caps->driver)
		return find_in_nicdb(caps->driver, version);
	if (nic_has(nic, NIC_SOURCE_XDP_FEATURES))
		return find(CAPS_NO, CAPS_BY_KERNEL, CAPS_LIKELY,
			    "xdp-features are without BASIC");
	return find(CAPS_UNKNOWN, CAPS_INFERRED, CAPS_GUESSED,
		    "nothing is known of this driver");
}

/* Flags without BASIC, of a driver that has XDP, with all needs met. */
static bool is_flag_absent(const struct caps *caps)
{
	const struct nic *nic = &caps->nic;

	return nic_has(nic, NIC_SOURCE_XDP_FEATURES) &&
	       !(nic->xdp_features & NIC_XDP_BASIC) &&
	       !(caps->driver && caps->driver->flags == NICDB_FLAGS_PARTIAL);
}

/*
 * Ports of a bond are judged by themselves; one that refuses, or has a program
 * already, keeps the bond from having one.
 */
static void judge_ports(const struct caps *caps, const struct nicdb *db,
			const struct kernel_features *kernel,
			struct caps_values *values)
{
	for (size_t i = 0; i < caps->nic.port_count; i++) {
		const struct nic *port = &caps->nic.ports[i];
		OWN(caps) struct caps *of_port = NULL;
		struct err err;

		if (caps_make(port, db, kernel, &of_port, &err) < 0)
			continue;
		enum caps_verdict able = of_port->tiers[TIER_NATIVE].able;
		if (able == CAPS_NO || able == CAPS_AFTER_FIX)
			values->ports_without_native++;
		else if (port->program_count)
			values->ports_with_program++;
		else
			continue;
		if (!values->bad_port)
			values->bad_port = port->link.name;
	}
}

/* The driver has XDP: does the interface, as it is, let it have a program? */
static void judge_needs(struct caps *caps, struct caps_values *values,
			const struct kernel_features *kernel,
			struct finding *finding)
{
	bool is_flagged = finding->origin == CAPS_BY_KERNEL;
	uint32_t version = version_of(kernel);
	struct caps_needs single, frags;

	caps_ask_needs(caps, values, CAPS_PROGRAM_SINGLE, version, is_flagged,
		       &single);
	caps_ask_needs(caps, values, CAPS_PROGRAM_FRAGS, version, is_flagged,
		       &frags);
	/* The better of both; apply tries them in this order. */
	bool has_frags = kernel && kernel->has_frags;
	struct caps_needs *best =
		has_frags && frags.unmet_count <= single.unmet_count ? &frags
								     : &single;
	/* The flags say that something is not met; there is one candidate. */
	if (!best->unmet_count && best->hidden && is_flag_absent(caps)) {
		best->unmet[best->unmet_count++] = best->hidden;
		finding->origin = CAPS_BY_KERNEL;
		finding->certainty = CAPS_LIKELY;
	}
	if (best->unmet_count) {
		caps_block(caps, values, best, TIER_NATIVE);
		settle(caps, TIER_NATIVE,
		       has_fix(best) ? CAPS_AFTER_FIX : CAPS_NO, finding);
	} else if (best->unknown) {
		snprintf(finding->text, sizeof(finding->text),
			 "whether it has what it needs is not known: %.80s",
			 best->unknown->test.text);
		settle(caps, TIER_NATIVE, CAPS_UNKNOWN, finding);
	} else if (is_flag_absent(caps)) {
		bool is_sure =
			caps->driver && caps->driver->flags == NICDB_FLAGS_TRUE;
		struct finding absent =
			find(CAPS_NO, CAPS_BY_KERNEL,
			     is_sure ? CAPS_LIKELY : CAPS_GUESSED,
			     "xdp-features are without BASIC, though the "
			     "driver has XDP");
		if (is_sure)
			refuse(caps, TIER_NATIVE, REASON_FLAG_ABSENT, &absent);
		else
			settle(caps, TIER_NATIVE, CAPS_UNKNOWN, &absent);
	} else {
		settle(caps, TIER_NATIVE, CAPS_YES, finding);
	}
}

void caps_judge_native(struct caps *caps, const struct nicdb *db,
		       const struct kernel_features *kernel)
{
	struct caps_values values = { .nic = &caps->nic };
	uint32_t version = version_of(kernel);
	struct finding finding = find_native(caps, version);
	const struct nicdb_driver *driver = caps->driver;

	judge_ports(caps, db, kernel, &values);
	if (driver) {
		caps->attach = driver->attach;
		caps->attach_text = driver->attach_text;
	}
	switch (finding.has) {
	case CAPS_YES:
		judge_needs(caps, &values, kernel, &finding);
		break;
	case CAPS_NO:
		refuse(caps, TIER_NATIVE,
		       driver && driver->native != NICDB_NEVER &&
				       version < driver->native
			       ? REASON_OLD_KERNEL
			       : REASON_NO_NATIVE,
		       &finding);
		break;
	case CAPS_UNKNOWN:
	case CAPS_AFTER_FIX:
		settle(caps, TIER_NATIVE, CAPS_UNKNOWN, &finding);
		break;
	}
}

static const struct nic_switch *feature(const struct nic *nic, const char *name)
{
	return nic_find_switch(nic->features, nic->feature_count, name);
}

/* What merges segments here: a virtual device's own switch means nothing, that
 * of a bond's ports does. */
static const char *merging(const struct nic *nic)
{
	const struct nic_switch *gro = feature(nic, "rx-gro-hw");
	const struct nic_switch *lro = feature(nic, "rx-lro");

	for (size_t i = 0; i < nic->port_count; i++) {
		const char *name = merging(&nic->ports[i]);

		if (name)
			return name;
	}
	if (*nic->link.kind)
		return NULL;
	if (lro && lro->is_on)
		return "LRO";
	return gro && gro->is_on ? "hardware GRO" : NULL;
}

/* Any device that packets come from; the kernel does the work. What the kernel
 * switches off for it is what the host loses (generic_xdp_install()). */
void caps_judge_generic(struct caps *caps)
{
	const struct finding finding =
		find(CAPS_YES, CAPS_INFERRED, CAPS_CERTAIN,
		     "the kernel runs it for every driver");
	const struct nic_switch *gro = feature(&caps->nic, "rx-gro-hw");
	const char *merges = merging(&caps->nic);

	if (gro && gro->is_on && gro->is_fixed) {
		const struct finding fixed =
			find(CAPS_NO, CAPS_BY_KERNEL, CAPS_CERTAIN,
			     "rx-gro-hw is on and fixed: generic XDP makes the "
			     "kernel warn, or panic with panic_on_warn");
		refuse(caps, TIER_GENERIC, REASON_HW_GRO, &fixed);
		return;
	}
	if (merges)
		snprintf(caps->generic_costs, sizeof(caps->generic_costs),
			 "%s is on, and any generic program switches it off",
			 merges);
	settle(caps, TIER_GENERIC, CAPS_YES, &finding);
}

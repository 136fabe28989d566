// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "offload/caps.h"
#include "offload/card.h"
#include "offload/host.h"
#include "offload/known.h"
#include "offload/tracking.h"

/* TCP flags of a SYN without ACK, as bpf/proto.bpf.h asks for them. */
#define SYN_MASK 0x12
#define SYN	 0x02

bool card_is_there(const struct plan_input *input)
{
	return input->link && input->caps &&
	       input->caps->tiers[TIER_HW].able == CAPS_YES;
}

bool card_is_wanted(const struct plan_input *input)
{
	const struct wishes *wishes = &input->wishes;

	return card_is_there(input) && known_is_all_pinned(input) &&
	       !wishes->is_shadow && !wishes->strict_conntrack &&
	       wishes->max == TIER_HW;
}

static bool is_syn(const struct header *header)
{
	unsigned int flags = header->fields[FIELD_TCP_FLAGS];

	return header->fields[FIELD_PROTO] == IPPROTO_TCP &&
	       (flags & SYN_MASK) == SYN;
}

unsigned int card_states(const struct wire_settings *settings,
			 enum wire_class class, const struct header *header)
{
	unsigned int proto = header->fields[FIELD_PROTO];
	unsigned int icmp = class == WIRE_IPV6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;

	if (class == WIRE_FRAGMENT)
		return CT_ALL;
	if (proto == icmp)
		return tracking_icmp_states(settings, class,
					    header->fields[FIELD_ICMP] >> 8);
	return settings->syn_is_new && is_syn(header)
		       ? tracking_fresh_states(settings)
		       : CT_ALL;
}

/* Packets of which a card knows the same states. */
struct kind {
	struct cond cond;
	unsigned int states;
};

/* Each ICMP type is a kind. */
#define ICMP_TYPES 256
#define KINDS_MAX  (ICMP_TYPES + 2)

/* One list on its way from the host's regions to the card's. */
struct maker {
	struct flat *flat;
	struct kind kinds[KINDS_MAX];
	size_t kind_count;
	const struct set *local; /* destinations; NULL: none are known */
	struct region *regions;
	size_t count;
};

static struct kind *add_kind(struct maker *maker, unsigned int states)
{
	struct kind *kind = &maker->kinds[maker->kind_count++];

	*kind = (struct kind){ .states = states };
	return kind;
}

static int add_icmp(struct maker *maker, enum wire_class class,
		    const struct wire_settings *settings)
{
	unsigned int icmp = class == WIRE_IPV6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	struct arena *arena = maker->flat->arena;
	const struct set *proto = set_range(arena, icmp, icmp);

	for (unsigned int type = 0; type < ICMP_TYPES; type++) {
		struct kind *kind =
			add_kind(maker,
				 tracking_icmp_states(settings, class, type));

		kind->cond.fields[FIELD_PROTO] = proto;
		kind->cond.fields[FIELD_ICMP] =
			set_range(arena, type << 8, type << 8 | 0xff);
		if (!proto || !kind->cond.fields[FIELD_ICMP])
			return -ENOMEM;
	}
	return 0;
}

static int add_syn(struct maker *maker, const struct wire_settings *settings)
{
	struct kind *kind = add_kind(maker, tracking_fresh_states(settings));
	struct arena *arena = maker->flat->arena;
	struct interval flags[256];
	size_t count = 0;

	for (unsigned int value = 0; value < 256; value++) {
		if ((value & SYN_MASK) == SYN)
			flags[count++] = (struct interval){ value, value };
	}
	kind->cond.fields[FIELD_PROTO] =
		set_range(arena, IPPROTO_TCP, IPPROTO_TCP);
	kind->cond.fields[FIELD_TCP_FLAGS] = set_make(arena, flags, count);
	return kind->cond.fields[FIELD_PROTO] &&
			       kind->cond.fields[FIELD_TCP_FLAGS]
		       ? 0
		       : -ENOMEM;
}

static int add_kinds(struct maker *maker, enum wire_class class,
		     const struct wire_settings *settings)
{
	int error = 0;

	add_kind(maker, CT_ALL);
	if (class == WIRE_FRAGMENT)
		return 0;
	if (settings->syn_is_new)
		error = add_syn(maker, settings);
	return error ? error : add_icmp(maker, class, settings);
}

/* Is there a packet of the region that @dropped states are enough for? */
static bool may_drop(const struct maker *maker, const struct region *region,
		     enum stage stage)
{
	unsigned int dropped =
		worlds_states(region->drop | region->logged, stage);

	if (region->rules[stage] == NO_RULE)
		return false;
	for (size_t i = 0; i < maker->kind_count; i++) {
		const struct kind *kind = &maker->kinds[i];

		if (!(kind->states & ~dropped) &&
		    cond_relate(&region->cond, &kind->cond) != COND_DISJOINT)
			return true;
	}
	return false;
}

/* What is dropped at @stage, whatever becomes of the packet. */
static worlds_t at_once(worlds_t worlds, enum stage stage)
{
	return WORLDS(STAGE_PREROUTING, worlds_states(worlds, stage));
}

/*
 * Append @cond as a region that drops what @from drops at @stage, whatever
 * becomes of the packet; STAGE_COUNT: it drops nothing.
 */
static void add_region(struct maker *maker, const struct region *from,
		       const struct cond *cond, enum stage stage)
{
	struct region *region = &maker->regions[maker->count++];

	*region = *from;
	region->cond = *cond;
	region->drop = region->logged = 0;
	for (int s = 0; s < STAGE_COUNT; s++)
		region->rules[s] = NO_RULE;
	if (stage == STAGE_COUNT)
		return;
	region->drop = at_once(from->drop, stage);
	region->logged = at_once(from->logged, stage);
	region->rules[STAGE_PREROUTING] = from->rules[stage];
}

/*
 * What is for the host meets INPUT, of anything else only what is dropped
 * before routing is sure: the host may answer it, or send it nowhere.
 */
static int take_region(struct maker *maker, const struct region *from)
{
	enum stage early = may_drop(maker, from, STAGE_PREROUTING)
				   ? STAGE_PREROUTING
				   : STAGE_COUNT;
	const struct cond local = { .fields[FIELD_DADDR] = maker->local };
	struct cond part;
	int relation;

	if (!maker->local || !may_drop(maker, from, STAGE_INPUT)) {
		add_region(maker, from, &from->cond, early);
		return 0;
	}
	relation = cond_and(maker->flat->arena, &from->cond, &local, &part);
	if (relation < 0)
		return relation;
	if (relation != COND_DISJOINT)
		add_region(maker, from, &part, STAGE_INPUT);
	if (relation != COND_COVERED)
		add_region(maker, from, &from->cond, early);
	return 0;
}

/*
 * Where nothing is dropped before routing, one region in front of all others
 * lets pass what is not for the host, instead of one beside each of them.
 */
static int pass_others(struct maker *maker)
{
	const struct flat *flat = maker->flat;
	const struct region pass = { .drop = 0 };
	struct cond cond = { 0 };

	for (size_t i = 0; i < flat->region_count; i++) {
		if (may_drop(maker, &flat->regions[i], STAGE_PREROUTING))
			return 0;
	}
	cond.fields[FIELD_DADDR] =
		set_not(flat->arena, maker->local,
			field_max(FIELD_DADDR, flat->family));
	if (!cond.fields[FIELD_DADDR])
		return -ENOMEM;
	if (!set_is_empty(cond.fields[FIELD_DADDR]))
		add_region(maker, &pass, &cond, STAGE_COUNT);
	maker->local = NULL;
	return 1;
}

static int take_regions(struct maker *maker)
{
	struct flat *flat = maker->flat;
	int is_local_only = maker->local ? pass_others(maker) : 0;

	if (is_local_only < 0)
		return is_local_only;
	for (size_t i = 0; i < flat->region_count; i++) {
		const struct region *from = &flat->regions[i];
		int error = 0;

		if (is_local_only)
			add_region(maker, from, &from->cond,
				   may_drop(maker, from, STAGE_INPUT)
					   ? STAGE_INPUT
					   : STAGE_COUNT);
		else
			error = take_region(maker, from);
		if (error < 0)
			return error;
	}
	return 0;
}

/* The host's own destinations as a set; NULL also when none are known. */
static int find_local(const struct plan_input *input, const struct plan *plan,
		      struct flat *flat, const struct set **out)
{
	const struct locals_family *from;
	struct interval parts[LOCALS_MAX];

	*out = NULL;
	if (!input->locals)
		return 0;
	from = &input->locals->families[flat->family == FAMILY_IPV6];
	/* Rules may send to others what was for the host. */
	if (!from->count || plan->program->settings.is_marked_routing)
		return 0;
	for (size_t i = 0; i < from->count; i++)
		parts[i] = (struct interval){ from->ranges[i].min,
					      from->ranges[i].max };
	*out = set_make(flat->arena, parts, from->count);
	return *out ? 0 : -ENOMEM;
}

static int make_list(const struct plan_input *input, const struct plan *plan,
		     const struct wire_settings *settings,
		     enum wire_class class, struct flat *flat)
{
	OWN_MEM struct maker *maker = calloc(1, sizeof(*maker));
	int error;

	if (!maker)
		return -ENOMEM;
	maker->flat = flat;
	maker->regions =
		calloc(2 * flat->region_count + 1, sizeof(*maker->regions));
	if (!maker->regions)
		return -ENOMEM;
	error = find_local(input, plan, flat, &maker->local);
	if (!error)
		error = add_kinds(maker, class, settings);
	if (!error)
		error = take_regions(maker);
	if (error) {
		free(maker->regions);
		return error;
	}
	free(flat->regions);
	flat->regions = maker->regions;
	flat->region_count = maker->count;
	return 0;
}

static struct wire_settings settings_of(const struct plan_input *input,
					const struct plan *plan)
{
	struct wire_settings settings = plan->program->settings;
	const char *why;

	settings.has_lookup = false;
	settings.may_expect = host_may_expect(input, &why);
	settings.syn_is_new = input->wishes.syn_is_new;
	memcpy(settings.mac, input->link->mac, sizeof(settings.mac));
	return settings;
}

int card_plan(const struct plan_input *input, struct plan *plan,
	      struct err *err)
{
	const struct wire_settings settings = settings_of(input, plan);
	const struct program_part part = {
		.limits = { SIZE_MAX, SIZE_MAX, SIZE_MAX },
		.numbering = plan->program,
	};
	struct tracking tracking;

	tracking_for_card(&settings, &tracking);
	int error = plan_flatten(input, &tracking, plan->card_flats, err);
	for (int class = 0; !error && class < WIRE_CLASS_COUNT; class ++) {
		if (plan->card_flats[class] &&
		    make_list(input, plan, &settings, class,
			      plan->card_flats[class]))
			error = err_no_memory(err);
	}
	return error ? error
		     : program_make_part(
			       (const struct flat *const *)plan->card_flats,
			       &settings, &target_card, &part, &plan->card,
			       err);
}

/* Nothing that the host logs is dropped. */
static void keep_logs(struct program *program)
{
	program->can_drop = false;
	for (size_t i = 0; i < program->outcome_count; i++) {
		program->outcomes[i].logged = 0;
		program->can_drop |= program->outcomes[i].drop != 0;
	}
}

int card_shrink(const struct plan *plan, const struct card_share *share,
		struct program **out, struct err *err)
{
	struct program_part part = { .numbering = plan->program };
	struct wire_settings settings = plan->card->settings;

	for (int class = 0; class < WIRE_CLASS_COUNT; class ++) {
		const struct flat *flat = plan->card_flats[class];

		if (share->keep > share->of)
			part.limits[class] = SIZE_MAX;
		else if (flat && class != WIRE_FRAGMENT)
			part.limits[class] =
				flat->region_count * share->keep / share->of;
	}
	if (share->keeps_logs)
		settings.log_rate = 0;
	int result =
		program_make_part((const struct flat *const *)plan->card_flats,
				  &settings, &target_card, &part, out, err);
	if (!result && share->keeps_logs)
		keep_logs(*out);
	return result;
}

/* Of a family's own list; what fragments add is no further rule. */
static size_t count_class(const struct flat *flat, size_t kept,
			  bool gives_logs_up, bool *is_seen)
{
	size_t count = 0;

	for (size_t i = 0; flat && i < kept; i++) {
		const struct region *region = &flat->regions[i];
		uint32_t rule = region->rules[STAGE_PREROUTING];

		if (rule == NO_RULE || is_seen[rule] ||
		    (!region->drop && !gives_logs_up))
			continue;
		is_seen[rule] = true;
		count++;
	}
	return count;
}

size_t card_count_rules(const struct plan *plan, const struct program *program)
{
	static const enum wire_class classes[] = { WIRE_IPV4, WIRE_IPV6 };
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		const struct flat *flat = plan->card_flats[classes[i]];
		OWN_MEM bool *is_seen =
			calloc(flat ? flat->rule_count + 1 : 1, sizeof(bool));

		if (is_seen)
			count += count_class(flat, program->kept[classes[i]],
					     program->settings.log_rate > 0,
					     is_seen);
	}
	return count;
}

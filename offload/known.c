// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "offload/host.h"
#include "offload/known.h"

#define NUM_TEXT_(number) #number
#define NUM_TEXT(number)  NUM_TEXT_(number)

static const struct {
	const char *name;
	bool is_pinnable;
} rows[] = {
#define FACT(id, name, is_pinnable) [ABOUT_##id] = { name, is_pinnable },
#include "offload/facts.def"
#undef FACT
};

unsigned int known_pinnable(void)
{
	unsigned int bits = 0;

	for (int about = 0; about < ABOUT_COUNT; about++)
		bits |= rows[about].is_pinnable ? 1u << about : 0;
	return bits;
}

int known_find(const char *name)
{
	for (int about = 0; about < ABOUT_COUNT; about++) {
		if (!strcmp(rows[about].name, name))
			return about;
	}
	return -EINVAL;
}

const char *known_name(enum about about)
{
	return rows[about].name;
}

static bool is_pinned(const struct wishes *wishes, enum about about)
{
	switch (about) {
	case ABOUT_RECEIVERS:
	case ABOUT_OTHER_HOOKS:
		if (wishes->accept_bypass)
			return true;
		break;
	case ABOUT_LOG_INVALID:
	case ABOUT_LOG_MARTIANS:
		if (wishes->ignore_logs)
			return true;
		break;
	case ABOUT_ROUTING:
	case ABOUT_INTERFACE:
	case ABOUT_ADDRESSES:
	case ABOUT_SYN_IS_NEW:
	case ABOUT_CONNECTIONS:
	case ABOUT_EXPECTATIONS:
	case ABOUT_NAT_IPV4:
	case ABOUT_NAT_IPV6:
	case ABOUT_LOG_LINES:
	case ABOUT_PACKET_READERS:
	case ABOUT_COUNT:
		break;
	}
	return wishes->pinned & 1u << about;
}

/* What must be asked of the stamp for it. */
static unsigned int checks_of(const struct plan_input *input, enum about about)
{
	const unsigned int ipv4 =
		input->policy.ipv4 ? WIRE_CHECK_HOOKS_IPV4 : 0;
	const unsigned int ipv6 =
		input->policy.ipv6 ? WIRE_CHECK_HOOKS_IPV6 : 0;

	switch (about) {
	case ABOUT_INTERFACE:
		return WIRE_CHECK_INTERFACE;
	case ABOUT_EXPECTATIONS:
		return WIRE_CHECK_EXPECTATIONS;
	case ABOUT_NAT_IPV4:
		return ipv4;
	case ABOUT_NAT_IPV6:
		return ipv6;
	case ABOUT_OTHER_HOOKS:
		return ipv4 | ipv6;
	case ABOUT_LOG_INVALID:
		return WIRE_CHECK_LOG_INVALID;
	case ABOUT_LOG_MARTIANS:
		return WIRE_CHECK_LOG_MARTIANS;
	case ABOUT_ROUTING:
	case ABOUT_RECEIVERS:
	case ABOUT_ADDRESSES:
	case ABOUT_SYN_IS_NEW:
	case ABOUT_CONNECTIONS:
	case ABOUT_LOG_LINES:
	case ABOUT_PACKET_READERS:
	case ABOUT_COUNT:
		break;
	}
	return 0;
}

/* Of a machine that is not this one the best is assumed. */
static bool can_ask(const struct plan_input *input, enum about about)
{
	unsigned int checks = checks_of(input, about);

	if (!input->kernel)
		return true;
	if (!input->kernel->has_device)
		return false;
	return !input->facts || !checks ||
	       (input->stamp && !(checks & ~input->stamp->askable));
}

enum fact_source known_source(const struct plan_input *input, enum about about)
{
	if (is_pinned(&input->wishes, about))
		return FACT_PINNED;
	if (can_ask(input, about))
		return FACT_PER_PACKET;
	/* Of those who may take packets the watcher sees only some: not tc,
	 * and nobody in another network namespace. */
	return input->wishes.is_watched && about != ABOUT_RECEIVERS
		       ? FACT_WATCHED
		       : FACT_SHOWN;
}

bool known_is_all_pinned(const struct plan_input *input)
{
	for (enum about about = 0; about < ABOUT_COUNT; about++) {
		if (rows[about].is_pinnable &&
		    known_source(input, about) != FACT_PINNED)
			return false;
	}
	return true;
}

bool known_is_sure(const struct plan_input *input, enum about about)
{
	return known_source(input, about) != FACT_SHOWN;
}

/* The plan reckons with packets being logged: then it is no matter whether
 * they still are. */
static bool is_reckoned(const struct plan_input *input, enum about about)
{
	const struct host_facts *facts = input->facts;

	return facts &&
	       ((about == ABOUT_LOG_INVALID && facts->logs_invalid.value) ||
		(about == ABOUT_LOG_MARTIANS && facts->logs_martians.value));
}

uint8_t known_checks(const struct plan_input *input)
{
	unsigned int checks = 0;

	if (!input->stamp)
		return 0;
	for (enum about about = 0; about < ABOUT_COUNT; about++) {
		if (known_source(input, about) == FACT_PER_PACKET &&
		    !is_reckoned(input, about))
			checks |= checks_of(input, about);
	}
	return checks;
}

static void add(struct plan *plan, enum about about, enum fact_source source,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

static void add(struct plan *plan, enum about about, enum fact_source source,
		const char *format, ...)
{
	struct plan_fact *fact = &plan->facts[plan->fact_count++];
	va_list args;

	fact->name = rows[about].name;
	fact->source = source;
	va_start(args, format);
	vsnprintf(fact->text, sizeof(fact->text), format, args);
	va_end(args);
}

/*
 * Drops rest on what is not so: of what is, or may be at any time, the worst
 * was assumed.
 */
static void add_host_fact(const struct plan_input *input, enum about about,
			  const struct fact *fact, struct plan *plan)
{
	enum fact_source source = known_source(input, about);
	bool is_given_up =
		source == FACT_PINNED && !(input->wishes.pinned & 1u << about);

	if (fact->value && !is_given_up)
		source = FACT_SHOWN;
	add(plan, about, source, "%s%.200s",
	    fact->value || source != FACT_SHOWN
		    ? ""
		    : "not relied on, as nobody would notice a change: ",
	    fact->text);
}

static void add_routing(const struct plan_input *input, struct plan *plan)
{
	if (known_source(input, ABOUT_ROUTING) == FACT_PINNED)
		add(plan, ABOUT_ROUTING, FACT_PINNED,
		    "no rule or route makes an exception for single "
		    "destinations: with a default route what is not forwarded "
		    "is local");
	else
		add(plan, ABOUT_ROUTING, FACT_PER_PACKET,
		    "INPUT or FORWARD: the program asks the routing table");
}

static void add_connections(const struct plan_input *input,
			    const struct tracking *tracking, struct plan *plan)
{
	if (!tracking->has_lookup) {
		add(plan, ABOUT_CONNECTIONS, FACT_SHOWN, "not asked: %s",
		    tracking->why_not);
		return;
	}
	add(plan, ABOUT_CONNECTIONS, FACT_PER_PACKET,
	    tracking->zones[0].count
		    ? "the program asks connection tracking, in the zones that "
		      "the rules choose"
		    : "the program asks connection tracking");
	add(plan, ABOUT_EXPECTATIONS,
	    tracking->may_expect ? FACT_SHOWN
				 : known_source(input, ABOUT_EXPECTATIONS),
	    "%s", tracking->expect_why);
}

/* What the card rests on, which can ask nobody. */
static void add_card(const struct plan_input *input, struct plan *plan)
{
	const struct locals *locals = input->locals;
	const uint8_t *mac = input->link->mac;
	size_t count =
		locals ? locals->families[0].count + locals->families[1].count
		       : 0;

	add(plan, ABOUT_ADDRESSES, FACT_PINNED,
	    "the card takes frames for %02x:%02x:%02x:%02x:%02x:%02x, and "
	    "knows %zu destination%s of this host%s%s",
	    mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], count,
	    count == 1 ? "" : "s", locals && *locals->text ? ": " : "",
	    locals ? locals->text : "");
	if (input->wishes.syn_is_new)
		add(plan, ABOUT_SYN_IS_NEW, FACT_PINNED,
		    "no TCP SYN without ACK belongs to an established "
		    "connection");
}

void known_list(const struct plan_input *input, const struct tracking *tracking,
		struct plan *plan)
{
	const struct host_facts *facts = input->facts;
	const struct policy *policy = &input->policy;

	plan->fact_count = 0;
	add_routing(input, plan);
	add(plan, ABOUT_INTERFACE, known_source(input, ABOUT_INTERFACE),
	    "it keeps its name and network namespace, and is no port of a VRF");
	add(plan, ABOUT_RECEIVERS, known_source(input, ABOUT_RECEIVERS),
	    "nobody else takes packets off the interface (bridge, VLAN, "
	    "macvlan, tc ingress, nftables ingress)");
	add_connections(input, tracking, plan);
	if (plan->card)
		add_card(input, plan);
	if (input->wishes.log_sample)
		add(plan, ABOUT_LOG_LINES, FACT_PINNED,
		    "of the packets that rules log before they are dropped, "
		    "at most %u a second go up and are logged%s",
		    input->wishes.log_sample,
		    plan->card
			    ? "; of those that the card can judge, one "
			      "in " NUM_TEXT(WIRE_CARD_SAMPLES) " by chance "
								"comes as far"
			    : "");
	if (!facts)
		return;
	if (policy->ipv4)
		add_host_fact(input, ABOUT_NAT_IPV4, &facts->has_nat[0], plan);
	if (policy->ipv6)
		add_host_fact(input, ABOUT_NAT_IPV6, &facts->has_nat[1], plan);
	add_host_fact(input, ABOUT_OTHER_HOOKS, &facts->has_foreign_hooks,
		      plan);
	add_host_fact(input, ABOUT_LOG_INVALID, &facts->logs_invalid, plan);
	if (policy->ipv4)
		add_host_fact(input, ABOUT_LOG_MARTIANS, &facts->logs_martians,
			      plan);
	add(plan, ABOUT_PACKET_READERS, FACT_SHOWN, "%s",
	    facts->has_readers.text);
}

static const struct {
	const char *name, *sentence;
} changes[] = {
	{ "interface", "its name, network namespace or VRF is another" },
	{ "hooks-ipv4", "netfilter's hooks of IPv4 are others" },
	{ "hooks-ipv6", "netfilter's hooks of IPv6 are others" },
	{ "log-invalid", "nf_conntrack_log_invalid is on" },
	{ "log-martians", "log_martians is on" },
};
static_assert(1u << ARRAY_SIZE(changes) == WIRE_CHECK_EXPECTATIONS,
	      "expectations come and go");

const char *known_change_name(unsigned int index)
{
	return index < ARRAY_SIZE(changes) ? changes[index].name : NULL;
}

const char *known_change_sentence(unsigned int index)
{
	return index < ARRAY_SIZE(changes) ? changes[index].sentence : NULL;
}

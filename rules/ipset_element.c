// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "rules/address.h"
#include "rules/ipset_element.h"
#include "rules/ipset_read.h"
#include "rules/names.h"
#include "rules/ports.h"
#include "rules/values.h"

#define PARTS_MAX 3 /* ip,port,ip */

static unsigned int family_bits(enum family family)
{
	return family == FAMILY_IPV6 ? 128 : 32;
}

int ipset_element_addresses(const char *text, enum family family,
			    struct ipset_span *out, struct err *err)
{
	const unsigned int width = family_bits(family);
	struct addr_range range;
	struct addr_mask mask;
	int result;

	if (strchr(text, '-')) {
		result = address_read_range(text, family, &range, err);
		if (result)
			return result;
		if (range.min > range.max)
			return err_input(err,
					 "'%.64s': the range ends before it "
					 "begins",
					 text);
		*out = (struct ipset_span){ .min = range.min,
					    .max = range.max,
					    .bits = width };
		return 0;
	}
	result = address_read_mask(text, family, &mask, err);
	if (result)
		return result;

	u128 host = ~mask.mask & num_max(width);
	unsigned int bits = width;
	while (bits && num_max(width - bits) != host)
		bits--;
	if (num_max(width - bits) != host)
		return err_input(err,
				 "'%.64s': the mask has holes, which no set "
				 "can have",
				 text);
	*out = (struct ipset_span){ .min = mask.addr,
				    .max = mask.addr | host,
				    .bits = bits };
	return 0;
}

/* What "tcp:80-90" says. */
struct port_part {
	uint8_t proto;
	uint16_t min, max;
};

/* "8/0" or a name: ICMP's type and code in the place of a port. */
static int read_icmp(const char *text, enum family family,
		     struct port_part *out, struct err *err)
{
	struct icmp_type type;
	int result = values_icmp_type(text, family, &type, err);

	if (result)
		return result;
	/* A name without a code of its own means code 0. */
	out->min = type.type << 8 | (type.code_max == 255 ? 0 : type.code_min);
	out->max = out->min;
	return 0;
}

static int read_range(char *text, uint8_t proto, struct port_part *out,
		      struct err *err)
{
	char *dash = strchr(text, '-');
	struct port_list low, high;

	if (dash)
		*dash = '\0';
	int result = ports_read_range(text, proto, &low, err);
	if (!result)
		result = ports_read_range(dash ? dash + 1 : text, proto, &high,
					  err);
	if (result)
		return result;
	out->min = low.ranges[0].min;
	out->max = high.ranges[0].max;
	if (out->min <= out->max)
		return 0;
	out->min = high.ranges[0].min;
	out->max = low.ranges[0].max;
	return 0;
}

/* @text is written to. Ports without a protocol are those of TCP. */
static int read_ports(char *text, enum family family, struct port_part *out,
		      struct err *err)
{
	char *colon = strchr(text, ':');
	int result;

	*out = (struct port_part){ .proto = IPPROTO_TCP };
	if (colon) {
		*colon = '\0';
		result = values_proto(text, &out->proto, err);
		if (result)
			return result;
		text = colon + 1;
	}
	switch (out->proto) {
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return read_icmp(text, family, out, err);
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
		return read_range(text, out->proto, out, err);
	}
	/* "vrrp:0": others have none. */
	if (strcmp(text, "0") != 0)
		return err_input(err,
				 "'%.64s': this protocol has no ports: "
				 "expected 0",
				 text);
	return 0;
}

static int too_many(struct err *err)
{
	return err_input(err, "more than %zu elements in one set",
			 IPSET_ELEMENTS_MAX);
}

/* Cut at commas; @text is written to. The number of parts, 0: too many. */
static size_t cut(char *text, char *parts[PARTS_MAX])
{
	size_t count = 0;

	for (char *at = text; at; count++) {
		char *comma = strchr(at, ',');

		if (count == PARTS_MAX)
			return 0;
		if (comma)
			*comma++ = '\0';
		parts[count] = at;
		at = comma;
	}
	return count;
}

/* The longest network that begins at @min and ends at @max or before. */
static unsigned int longest_network(u128 min, u128 max, unsigned int width)
{
	unsigned int bits = width;

	while (bits > 0) {
		u128 host = num_max(width - bits + 1);

		if (min & host || host > max - min)
			break;
		bits--;
	}
	return bits;
}

/* Call @add with each network that @span consists of. */
static int for_each_network(struct ipset_draft *draft,
			    const struct ipset_span *span,
			    int (*add)(struct ipset_draft *draft,
				       const struct ipset_span *network,
				       const void *context),
			    const void *context)
{
	const unsigned int width = family_bits(draft->set->family);

	for (u128 at = span->min;;) {
		struct ipset_span network = *span;

		network.min = at;
		network.bits = longest_network(at, span->max, width);
		network.max = at | num_max(width - network.bits);

		int result = add(draft, &network, context);
		if (result || network.max == span->max)
			return result;
		at = network.max + 1;
	}
}

static int add_network(struct ipset_draft *draft,
		       const struct ipset_span *network, const void *context)
{
	(void)context;
	return ipset_draft_span(draft, network);
}

/* hash:ip, hash:net, bitmap:ip */
static int add_addresses(struct ipset_draft *draft, const char *text,
			 bool is_nomatch, struct err *err)
{
	struct ipset *set = draft->set;
	struct ipset_span span;
	int result = ipset_element_addresses(text, set->family, &span, err);

	if (result)
		return result;
	if (set->type == IPSET_HASH_NET && !span.bits)
		return err_input(err,
				 "'%.64s': no network of a set may have the "
				 "length 0, ipset(8): expected two halves",
				 text);
	span.is_nomatch = is_nomatch;
	span.min &= ~num_max(set->host_bits);
	span.max &= ~num_max(set->host_bits);
	result = set->type == IPSET_HASH_NET
			 ? for_each_network(draft, &span, add_network, NULL)
			 : ipset_draft_span(draft, &span);
	return result ? err_no_memory(err) : 0;
}

static int add_port_bits(struct ipset_draft *draft, char *text, struct err *err)
{
	struct port_part ports;
	int result = read_range(text, IPPROTO_TCP, &ports, err);

	if (result)
		return result;
	result = ipset_draft_span(draft,
				  &(struct ipset_span){ .min = ports.min,
							.max = ports.max });
	return result ? err_no_memory(err) : 0;
}

/* What the tuples of one element have in common. */
struct tuple_context {
	const struct port_part *ports;
	u128 addr2;
	bool is_nomatch;
};

static int add_tuples(struct ipset_draft *draft,
		      const struct ipset_span *network, const void *context)
{
	const struct tuple_context *common = context;

	for (unsigned int port = common->ports->min; port <= common->ports->max;
	     port++) {
		const struct ipset_tuple tuple = {
			.addr = network->min,
			.addr2 = common->addr2,
			.port = port,
			.proto = common->ports->proto,
			.bits = network->bits,
			.is_nomatch = common->is_nomatch,
		};

		if (draft->tuple_count == IPSET_ELEMENTS_MAX)
			return -E2BIG;
		if (ipset_draft_tuple(draft, &tuple))
			return -ENOMEM;
	}
	return 0;
}

/* hash:ip,port and hash:ip,port,ip have no networks: each address is one. */
static int for_each_address(struct ipset_draft *draft,
			    const struct ipset_span *span,
			    const struct tuple_context *context)
{
	struct ipset_span one = { .bits = family_bits(draft->set->family) };

	if (span->max - span->min >= IPSET_ELEMENTS_MAX)
		return -E2BIG;
	for (u128 addr = span->min;; addr++) {
		one.min = one.max = addr;

		int result = add_tuples(draft, &one, context);
		if (result || addr == span->max)
			return result;
	}
}

static int read_second(const char *text, enum family family, u128 *out,
		       struct err *err)
{
	struct ipset_span span;
	int result = ipset_element_addresses(text, family, &span, err);

	if (!result && span.min != span.max)
		return err_input(err,
				 "'%.64s': expected one address in the last "
				 "place",
				 text);
	if (!result)
		*out = span.min;
	return result;
}

/* "10.0.0.1,tcp:80" and the like, cut into @parts. */
static int add_with_ports(struct ipset_draft *draft, char *const *parts,
			  bool is_nomatch, struct err *err)
{
	const struct ipset *set = draft->set;
	struct ipset_span span;
	struct port_part ports;
	struct tuple_context context = {
		.ports = &ports,
		.is_nomatch = is_nomatch,
	};
	int result = ipset_element_addresses(parts[0], set->family, &span, err);

	if (!result)
		result = read_ports(parts[1], set->family, &ports, err);
	if (!result && set->type == IPSET_HASH_IP_PORT_IP)
		result =
			read_second(parts[2], set->family, &context.addr2, err);
	if (result)
		return result;
	if (set->type == IPSET_HASH_NET_PORT)
		result = for_each_network(draft, &span, add_tuples, &context);
	else
		result = for_each_address(draft, &span, &context);
	if (result == -E2BIG)
		return too_many(err);
	return result ? err_no_memory(err) : 0;
}

int ipset_element_add(struct ipset_draft *draft, const char *text,
		      bool is_nomatch, struct err *err)
{
	const unsigned int wanted = ipset_dimensions(draft->set);
	OWN_MEM char *copy = strdup(text);
	char *parts[PARTS_MAX];

	if (!copy)
		return err_no_memory(err);
	if (cut(copy, parts) != wanted)
		return err_input(err,
				 "'%.64s' is no element of a set of type %s: "
				 "expected %u parts with commas between them",
				 text, draft->set->type_name, wanted);
	if (draft->set->type == IPSET_BITMAP_PORT)
		return add_port_bits(draft, parts[0], err);
	if (wanted == 1)
		return add_addresses(draft, parts[0], is_nomatch, err);
	return add_with_ports(draft, parts, is_nomatch, err);
}

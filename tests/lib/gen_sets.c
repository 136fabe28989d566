// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "rules/ipset_read.h"
#include "tests/lib/gen_sets.h"
#include "tests/lib/topology.h"

#define ELEMENTS_MAX 10
#define ELEMENT_SIZE 160

/* One set being written: ipset refuses an element that is there already. */
struct set_writing {
	struct buf *out;
	struct random *rnd;
	enum family family;
	unsigned int number;
	char elements[ELEMENTS_MAX][ELEMENT_SIZE];
	unsigned int count;
};

static unsigned int width(const struct set_writing *w)
{
	return w->family == FAMILY_IPV4 ? 32 : 128;
}

static void add_address(struct set_writing *w, struct buf *text,
			unsigned int bits)
{
	size_t count = topology_addr_count(w->family);
	u128 addr = topology_addr(w->family, random_below(w->rnd, count));
	char spelled[64];

	addr &= ~num_max(width(w) - bits);
	buf_add(text, topology_addr_text(w->family, addr, spelled));
}

static void add_network(struct set_writing *w, struct buf *text)
{
	unsigned int bits = 1 + random_below(w->rnd, width(w));

	add_address(w, text, bits);
	buf_addf(text, "/%u", bits);
}

static void add_ports(struct set_writing *w, struct buf *text)
{
	static const char *const protos[] = { "tcp:", "udp:", "sctp:",
					      "udplite:", "" };
	bool is_ipv4 = w->family == FAMILY_IPV4;

	if (random_chance(w->rnd, 20))
		buf_add(text, is_ipv4 ? "icmp:8/0" : "icmpv6:128/0");
	else
		buf_addf(text, "%s%u", random_pick(w->rnd, protos),
			 20 + random_below(w->rnd, 12));
}

static void add_element(struct set_writing *w, const char *type,
			struct buf *text)
{
	if (!strcmp(type, "bitmap:port"))
		buf_addf(text, "%u", 20 + random_below(w->rnd, 12));
	else if (!strncmp(type, "hash:net", 8))
		add_network(w, text);
	else
		add_address(w, text, width(w));
	if (!strchr(type, ','))
		return;
	buf_add(text, ",");
	add_ports(w, text);
	if (strcmp(type, "hash:ip,port,ip") != 0)
		return;
	buf_add(text, ",");
	add_address(w, text, width(w));
}

static bool is_new(struct set_writing *w, const char *element)
{
	for (unsigned int i = 0; i < w->count; i++) {
		if (!strcmp(w->elements[i], element))
			return false;
	}
	snprintf(w->elements[w->count++], ELEMENT_SIZE, "%s", element);
	return true;
}

static void add_elements(struct set_writing *w, const char *type)
{
	unsigned int wanted = random_below(w->rnd, ELEMENTS_MAX);

	for (unsigned int i = 0; i < wanted; i++) {
		OWN_BUF struct buf text = BUF_INIT;

		add_element(w, type, &text);
		if (!is_new(w, buf_text(&text)))
			continue;
		buf_addf(w->out, "add s%u %s%s\n", w->number, buf_text(&text),
			 !strncmp(type, "hash:net", 8) &&
					 random_chance(w->rnd, 25)
				 ? " nomatch"
				 : "");
	}
}

static void add_set(struct set_writing *w, const char *type)
{
	bool is_hash = !strncmp(type, "hash", 4);

	w->count = 0;
	buf_addf(w->out, "create s%u %s", w->number, type);
	if (is_hash)
		buf_addf(w->out, " family %s",
			 w->family == FAMILY_IPV4 ? "inet" : "inet6");
	if (!strcmp(type, "bitmap:port"))
		buf_add(w->out, " range 0-1000");
	if (random_chance(w->rnd, 10))
		buf_add(w->out, " comment");
	buf_add(w->out, "\n");
	add_elements(w, type);
}

/* Addresses are asked for their networks only: adding one twice is no error
 * for whoever says -exist. */
static void add_masked_set(struct set_writing *w)
{
	unsigned int bits = width(w) - random_below(w->rnd, 24);

	buf_addf(w->out, "create s%u hash:ip family %s netmask %u\n", w->number,
		 w->family == FAMILY_IPV4 ? "inet" : "inet6", bits);
	w->count = 0;
	add_elements(w, "hash:ip");
}

static void add_bitmap(struct set_writing *w)
{
	buf_addf(w->out, "create s%u bitmap:ip range 10.1.0.0/16\n", w->number);
	for (unsigned int i = 0; i < 3; i++)
		buf_addf(w->out, "add s%u 10.1.0.%u-10.1.0.%u\n", w->number,
			 1 + i * 50, 1 + i * 50 + random_below(w->rnd, 49));
}

static void add_list(struct set_writing *w)
{
	buf_addf(w->out, "create s%u list:set\n", w->number);
	for (unsigned int i = 0; i < w->number; i++) {
		if (random_chance(w->rnd, 40))
			buf_addf(w->out, "add s%u s%u\n", w->number, i);
	}
}

static void write_sets(struct buf *out, struct random *rnd, enum family family)
{
	static const char *const types[] = {
		"hash:ip",	 "hash:net",	    "hash:ip,port",
		"hash:net,port", "hash:ip,port,ip", "bitmap:port",
	};
	struct set_writing w = { .out = out, .rnd = rnd, .family = family };

	for (; w.number < ARRAY_SIZE(types); w.number++)
		add_set(&w, types[w.number]);
	if (family == FAMILY_IPV4 && random_chance(rnd, 50))
		add_bitmap(&w);
	else
		add_masked_set(&w);
	w.number++;
	add_list(&w);
}

void gen_sets_free(struct gen_sets *sets)
{
	ipsets_free(sets->sets);
	buf_free(&sets->text);
	*sets = (struct gen_sets){ 0 };
}

int gen_sets_make(struct gen_sets *sets, struct random *rnd, enum family family,
		  struct err *err)
{
	gen_sets_free(sets);
	sets->seed = 1 | random_below(rnd, UINT32_MAX);
	write_sets(&sets->text, rnd, family);
	return ipset_read(buf_text(&sets->text), sets->text.length, "random",
			  &sets->sets, err);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `wirewall set add` reads from a file: lines of a blocklist or of `ipset
 * save`. Each element is one word, printed as `add NAME ELEMENT` it is read
 * again, and what a set takes of it is in the set. The first byte of the input
 * chooses the set's type and family.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/num.h"
#include "cli/set_elements.h"
#include "rules/ipset_element.h"

#define NAME "blocked"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const struct set_elements *elements)
{
	OWN_SET_ELEMENTS struct set_elements again = { 0 };
	struct err err;

	for (size_t i = 0; i < elements->count; i++)
		buf_addf(&again.text, "add %s %s\n", NAME, elements->items[i]);
	int result = set_elements_cut(NAME, &again, &err);
	assert(!result && again.count == elements->count);
	for (size_t i = 0; i < again.count; i++)
		assert(!strcmp(again.items[i], elements->items[i]));
}

static bool has(const struct ipset *set, u128 address)
{
	static const struct set_dims dims = { .count = 1, .sources = 1 };
	const struct ipset_probe probe = { .family = set->family,
					   .addrs = { address } };

	return ipset_has(set, &dims, &probe);
}

/* What became of a span has its ends; a hash:ip never has the address 0. */
static void check_has(const struct ipset *set, const struct ipset_span *span)
{
	assert(has(set, span->max) ==
	       (span->max || set->type != IPSET_HASH_IP));
	assert(has(set, span->min) ==
	       (span->min || set->type != IPSET_HASH_IP));
}

static void check_set(const struct set_elements *elements, enum ipset_type type,
		      enum family family)
{
	struct ipset set = { .name = NAME,
			     .type = type,
			     .type_name = ipset_type_name(type),
			     .family = family };
	OWN(arena) struct arena *arena = arena_make();
	__attribute__((cleanup(
		ipset_draft_free))) struct ipset_draft draft = { .set = &set };
	struct err err;

	/* As callers do, not behind one that is none. */
	for (size_t i = 0; i < elements->count; i++)
		if (ipset_element_add(&draft, elements->items[i], false, &err))
			break;
	if (!arena || ipset_draft_finish(&draft, arena))
		return; /* no memory */
	for (size_t i = 0; !ipset_has_ports(&set) && i < draft.span_count; i++)
		check_has(&set, &draft.spans[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum ipset_type types[] = {
		IPSET_HASH_IP,	     IPSET_HASH_NET,  IPSET_HASH_IP_PORT,
		IPSET_HASH_NET_PORT, IPSET_BITMAP_IP, IPSET_HASH_IP_PORT_IP,
		IPSET_BITMAP_PORT,
	};
	OWN_SET_ELEMENTS struct set_elements elements = { 0 };
	struct err err;

	if (!size)
		return 0;
	buf_addn(&elements.text, (const char *)data + 1, size - 1);
	if (set_elements_cut(NAME, &elements, &err))
		return 0;
	for (size_t i = 0; i < elements.count; i++) {
		const char *item = elements.items[i];

		assert(*item);
		assert(!item[strcspn(item, " \t\r\n")]);
	}
	check_again(&elements);
	check_set(&elements, types[(data[0] >> 1) % ARRAY_SIZE(types)],
		  data[0] & 1 ? FAMILY_IPV6 : FAMILY_IPV4);
	return 0;
}

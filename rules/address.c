// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/address.h"

static unsigned int family_bits(enum family family)
{
	return family == FAMILY_IPV4 ? 32 : 128;
}

/*
 * "10", "10.1", "10.1.2.3": missing bytes at the end are 0. A leading 0 is
 * refused: iptables takes it for octal, people for decimal.
 */
static bool read_v4(const char *text, u128 *out)
{
	u128 addr = 0;

	for (int i = 0; i < 4; i++) {
		unsigned int byte = 0, digits = 0;

		if (*text == '0' && isdigit((unsigned char)text[1]))
			return false;
		while (isdigit((unsigned char)*text) && digits++ < 3)
			byte = byte * 10 + (*text++ - '0');
		if (!digits || byte > 255)
			return false;
		addr |= (u128)byte << (24 - 8 * i);
		if (!*text) {
			*out = addr;
			return true;
		}
		if (*text++ != '.')
			return false;
	}
	return false;
}

static bool read_v6(const char *text, u128 *out)
{
	uint8_t bytes[16];
	u128 addr = 0;

	if (inet_pton(AF_INET6, text, bytes) != 1)
		return false;
	for (int i = 0; i < 16; i++)
		addr = addr << 8 | bytes[i];
	*out = addr;
	return true;
}

static bool read_any(const char *text, enum family family, u128 *out)
{
	return family == FAMILY_IPV4 ? read_v4(text, out) : read_v6(text, out);
}

int address_read(const char *text, enum family family, u128 *out,
		 struct err *err)
{
	u128 other;

	if (read_any(text, family, out))
		return 0;
	if (family == FAMILY_IPV4 && read_v6(text, &other))
		return err_input(err,
				 "'%.64s' is an IPv6 address in a ruleset that "
				 "was taken for IPv4: expected an IPv4 address",
				 text);
	if (family == FAMILY_IPV6 && read_v4(text, &other))
		return err_input(err,
				 "'%.64s' is an IPv4 address in a ruleset that "
				 "was taken for IPv6: expected an IPv6 address",
				 text);
	return err_input(
		err,
		"'%.64s' is not an %s address: expected numbers, names "
		"of hosts and networks are not looked up",
		text, family == FAMILY_IPV4 ? "IPv4" : "IPv6");
}

/* The number of leading bits, or a mask written as an address. */
static bool read_mask(const char *text, enum family family, u128 *out)
{
	unsigned int bits = family_bits(family);
	char *end;

	if (strlen(text) <= 3 && isdigit((unsigned char)*text)) {
		unsigned long length = strtoul(text, &end, 10);

		if (*end || length > bits || (text[0] == '0' && text[1]))
			return false;
		*out = num_max(bits) ^ num_max(bits - length);
		return true;
	}
	/* A mask is never shortened: 255.0 would be a typing error. */
	if (family == FAMILY_IPV4) {
		struct in_addr mask;

		if (inet_pton(AF_INET, text, &mask) != 1)
			return false;
	}
	return read_any(text, family, out);
}

int address_read_mask(const char *text, enum family family,
		      struct addr_mask *out, struct err *err)
{
	OWN_MEM char *addr_text = strdup(text);
	struct addr_mask addr = { .mask = num_max(family_bits(family)) };

	if (!addr_text)
		return err_no_memory(err);
	char *slash = strchr(addr_text, '/');
	if (slash)
		*slash = '\0';
	int result = address_read(addr_text, family, &addr.addr, err);
	if (result)
		return result;
	if (slash && !read_mask(slash + 1, family, &addr.mask))
		return err_input(err,
				 "'%.64s' is not a mask: expected a length of "
				 "0 to %u or a mask such as %s",
				 slash + 1, family_bits(family),
				 family == FAMILY_IPV4 ? "255.255.255.0"
						       : "ffff:ffff::");
	addr.addr &= addr.mask;
	*out = addr;
	return 0;
}

int address_read_range(const char *text, enum family family,
		       struct addr_range *out, struct err *err)
{
	OWN_MEM char *low = strdup(text);
	struct addr_range range;

	if (!low)
		return err_no_memory(err);
	char *dash = strchr(low, '-');
	if (dash)
		*dash = '\0';
	int result = address_read(low, family, &range.min, err);
	if (!result)
		result = address_read(dash ? dash + 1 : low, family, &range.max,
				      err);
	if (!result)
		*out = range;
	return result;
}

static void spell_number(u128 addr, enum family family, char *out, size_t size)
{
	uint8_t bytes[16];

	for (int i = 15; i >= 0; i--, addr >>= 8)
		bytes[i] = addr;
	if (family == FAMILY_IPV4)
		inet_ntop(AF_INET, bytes + 12, out, size);
	else
		inet_ntop(AF_INET6, bytes, out, size);
}

void address_spell(const char *text, enum family family,
		   const struct addr_mask *addr, char out[ADDRESS_TEXT_MAX])
{
	size_t length = strcspn(text, "/");
	char written[INET6_ADDRSTRLEN], spelled[INET6_ADDRSTRLEN];
	const char *mask = text[length] ? text + length + 1 : NULL;
	const char *as_written = spelled;
	u128 value;

	/* Other programs than iptables shorten IPv6 addresses differently:
	 * what says the same stays as it is. */
	spell_number(addr->addr, family, spelled, sizeof(spelled));
	if (length < sizeof(written)) {
		memcpy(written, text, length);
		written[length] = '\0';
		if (read_any(written, family, &value) && value == addr->addr &&
		    (family == FAMILY_IPV6 ||
		     strlen(written) >= strlen(spelled)))
			as_written = written;
	}
	if (mask)
		snprintf(out, ADDRESS_TEXT_MAX, "%s/%s", as_written, mask);
	else
		snprintf(out, ADDRESS_TEXT_MAX, "%s/%u", as_written,
			 family_bits(family));
}

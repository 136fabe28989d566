// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "rules/names.h"
#include "rules/values.h"

/* The names that a sentence lists: it has to fit a struct read_error. */
#define KNOWN_MAX 128

/* strtoul() without its blanks, signs and other leniencies. */
static bool is_number(const char *text, uint32_t max, uint32_t *out)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	unsigned long value = strtoul(text, &end, 0);
	if (errno || *end || value > max)
		return false;
	*out = value;
	return true;
}

int values_number(const char *text, uint32_t max, const char *what,
		  uint32_t *out, struct err *err)
{
	if (!is_number(text, max, out))
		return err_input(err, "'%.64s' is not %s: expected 0 to %u",
				 text, what, max);
	return 0;
}

/* Decimal digits up to @behind. */
static const char *read_counter(const char *text, char behind, uint64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return NULL;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno || *end != behind ? NULL : end;
}

int values_counter(const char *text, uint64_t *out, struct err *err)
{
	uint64_t value;

	if (!read_counter(text, '\0', &value))
		return err_input(err,
				 "'%.64s' is not a counter: expected a number",
				 text);
	*out = value;
	return 0;
}

int values_counters(const char *text, uint64_t *packets, uint64_t *bytes,
		    struct err *err)
{
	uint64_t first = 0, second;
	const char *end =
		text[0] == '[' ? read_counter(text + 1, ':', &first) : NULL;

	if (end)
		end = read_counter(end + 1, ']', &second);
	if (!end || end[1])
		return err_input(err,
				 "'%.64s' are no counters: expected "
				 "[packets:bytes]",
				 text);
	*packets = first;
	*bytes = second;
	return 0;
}

/*
 * Cut "low:high" in two: an open side becomes "", without a separator both
 * are the same text. @low is a copy to be written to.
 */
static const char *cut_at(char *low, char separator)
{
	char *found = strchr(low, separator);

	if (!found)
		return low;
	*found = '\0';
	return found + 1;
}

int values_span(const char *text, uint32_t max, const char *what,
		struct span *out, struct err *err)
{
	OWN_MEM char *low = strdup(text);
	struct span span = { .min = 0, .max = max };

	if (!low)
		return err_no_memory(err);
	const char *high = cut_at(low, ':');
	if ((*low && !is_number(low, max, &span.min)) ||
	    (*high && !is_number(high, max, &span.max)) || !*text)
		return err_input(err,
				 "'%.64s' is not %s: expected a number from 0 "
				 "to %u, or two as in 10:20",
				 text, what, max);
	*out = span;
	return 0;
}

/* "AF11,AF12": each word's value, or-ed together. */
static int name_list(enum name_group group, const char *text, const char *what,
		     bool may_shorten, uint32_t *out, struct err *err)
{
	uint32_t bits = 0;

	for (const char *at = text;; at++) {
		size_t length = strcspn(at, ",");
		uint32_t value;

		if (!names_find(group, at, length, may_shorten, &value)) {
			char known[KNOWN_MAX];

			names_list(group, known, sizeof(known));
			return err_input(err,
					 "'%.*s' is not %s: expected one of %s",
					 length > 64 ? 64 : (int)length, at,
					 what, known);
		}
		bits |= value;
		at += length;
		if (!*at)
			break;
	}
	*out = bits;
	return 0;
}

int values_tcp_flags(const char *text, uint8_t *out, struct err *err)
{
	uint32_t bits;
	int result = name_list(NAMES_TCP_FLAG, text, "a TCP flag", false, &bits,
			       err);

	if (!result)
		*out = bits;
	return result;
}

int values_state(const char *text, uint32_t *out, struct err *err)
{
	return name_list(NAMES_STATE, text, "a state", true, out, err);
}

int values_ct_state(const char *text, uint32_t *out, struct err *err)
{
	return name_list(NAMES_CT_STATE, text, "a connection state", true, out,
			 err);
}

int values_addr_types(const char *text, uint16_t *out, struct err *err)
{
	uint32_t bits;
	int result = name_list(NAMES_ADDR_TYPE, text, "an address type", true,
			       &bits, err);

	if (!result)
		*out = bits;
	return result;
}

/* One name of a group, whole. */
static int one_name(enum name_group group, const char *text, const char *what,
		    uint32_t *out, struct err *err)
{
	char known[KNOWN_MAX];

	if (names_find(group, text, strlen(text), false, out))
		return 0;
	names_list(group, known, sizeof(known));
	return err_input(err, "'%.64s' is not %s: expected one of %s", text,
			 what, known);
}

int values_pkt_type(const char *text, uint32_t *out, struct err *err)
{
	return one_name(NAMES_PKT_TYPE, text, "a packet type", out, err);
}

int values_dscp_class(const char *text, uint32_t *out, struct err *err)
{
	return one_name(NAMES_DSCP, text, "a DSCP class", out, err);
}

int values_tos(const char *text, struct tos_mask *out, struct err *err)
{
	OWN_MEM char *value_text = strdup(text);
	uint32_t value, mask = 0xff;

	if (!value_text)
		return err_no_memory(err);
	if (names_find(NAMES_TOS, text, strlen(text), false, &value)) {
		/* Names leave the two highest bits alone: iptables' own
		 * extensions/tos_values.c */
		*out = (struct tos_mask){ .value = value, .mask = 0x3f };
		return 0;
	}
	const char *mask_text = cut_at(value_text, '/');
	if (!is_number(value_text, 0xff, &value) ||
	    (mask_text != value_text && !is_number(mask_text, 0xff, &mask)))
		return err_input(
			err,
			"'%.64s' is not a TOS value: expected a number "
			"up to 255 with or without /mask, or a name "
			"such as Minimize-Delay",
			text);
	*out = (struct tos_mask){ .value = value, .mask = mask };
	return 0;
}

int values_icmp_type(const char *text, enum family family,
		     struct icmp_type *out, struct err *err)
{
	bool is_v4 = family == FAMILY_IPV4;
	OWN_MEM char *type_text = strdup(text);
	uint32_t type, code = 0;

	if (!type_text)
		return err_no_memory(err);
	if (names_find(is_v4 ? NAMES_ICMP : NAMES_ICMP6, text, strlen(text),
		       true, &type)) {
		*out = (struct icmp_type){
			.is_any = is_v4 && type >> 16 == 0xff,
			.type = type >> 16,
			.code_min = type >> 8 & 0xff,
			.code_max = type & 0xff,
		};
		return 0;
	}
	const char *code_text = cut_at(type_text, '/');
	bool has_code = code_text != type_text;
	if (!is_number(type_text, 0xff, &type) ||
	    (has_code && !is_number(code_text, 0xff, &code)))
		return err_input(
			err,
			"'%.64s' is not a type of %s: expected a number, "
			"type/code, or a name that `%s -h` lists",
			text, is_v4 ? "ICMP" : "ICMPv6",
			is_v4 ? "iptables -p icmp" : "ip6tables -p icmpv6");
	*out = (struct icmp_type){
		/* icmp_type_code_match() of the kernel takes 255 for any */
		.is_any = is_v4 && type == 0xff,
		.type = type,
		.code_min = has_code ? code : 0,
		.code_max = has_code ? code : 0xff,
	};
	return 0;
}

int values_iface(const char *text, struct iface_pattern *out, struct err *err)
{
	size_t length = strlen(text);
	struct iface_pattern pattern = { 0 };

	if (!length || length >= IFNAMSIZ)
		return err_input(err,
				 "'%.64s' is not the name of an interface: "
				 "expected 1 to %d letters, eth0 or eth+",
				 text, IFNAMSIZ - 1);
	pattern.is_prefix = text[length - 1] == '+';
	memcpy(pattern.name, text, length - pattern.is_prefix);
	*out = pattern;
	return 0;
}

int values_proto(const char *text, uint8_t *out, struct err *err)
{
	uint32_t number;

	if (!is_number(text, 255, &number) &&
	    !names_find(NAMES_PROTO, text, strlen(text), false, &number)) {
		const struct protoent *entry = getprotobyname(text);

		if (!entry || entry->p_proto < 0 || entry->p_proto > 255)
			return err_input(
				err,
				"'%.64s' is not a protocol: expected a "
				"number up to 255, or a name of "
				"/etc/protocols",
				text);
		number = entry->p_proto;
	}
	*out = number;
	return 0;
}

/* Two hexadecimal digits and what follows them. */
static bool is_mac_byte(const char *at, char behind, uint8_t *out)
{
	char *end;

	if (!isxdigit((unsigned char)at[0]) || !isxdigit((unsigned char)at[1]))
		return false;
	*out = strtoul(at, &end, 16);
	return end == at + 2 && *end == behind;
}

int values_mac(const char *text, uint8_t out[6], struct err *err)
{
	uint8_t mac[6];

	for (int i = 0; i < 6; i++) {
		if (!is_mac_byte(text + 3 * i, i < 5 ? ':' : '\0', &mac[i]))
			return err_input(
				err,
				"'%.64s' is not a MAC address: expected "
				"six bytes as in 02:00:5e:10:00:01",
				text);
	}
	memcpy(out, mac, sizeof(mac));
	return 0;
}

/* Two words of three letters, as parse_dirs() in extensions/libxt_set.h. */
int values_set_dims(const char *text, struct set_dims *out, struct err *err)
{
	struct set_dims dims = { 0 };

	for (const char *at = text;; at += 4) {
		bool is_source = !strncmp(at, "src", 3);

		if ((!is_source && strncmp(at, "dst", 3) != 0) ||
		    (at[3] && at[3] != ',') || dims.count == SET_DIMENSIONS_MAX)
			return err_input(
				err,
				"'%.64s' is not a list of src and dst: "
				"expected up to %d with commas",
				text, SET_DIMENSIONS_MAX);
		dims.sources |= (uint8_t)(is_source << dims.count);
		dims.count++;
		if (!at[3])
			break;
	}
	*out = dims;
	return 0;
}

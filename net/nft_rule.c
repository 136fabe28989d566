// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <string.h>

#include "base/num.h"
#include "net/netlink.h"
#include "net/nft_rule.h"

#define TCP_FLAGS_TOLD 0x3f /* ECE and CWR have no name in iptables */

/* What an expression has put where the next one looks. */
enum loaded {
	LOADED_NOTHING,
	LOADED_ADDRESS,
	LOADED_FRAGMENT,
	LOADED_PORT,
	LOADED_BOTH_PORTS,
	LOADED_TCP_FLAGS,
	LOADED_PROTO,
	LOADED_NAME,
	LOADED_MARK,
};

/* A rule that is being followed. */
struct following {
	unsigned int family;
	enum loaded loaded;
	bool is_masked;
	uint8_t proto; /* as a rule has demanded it, else 0 */
	/* Bytes of the two headers, and keys of meta, that were looked at. */
	uint64_t network, transport, keys;
};

static const struct field {
	unsigned int family; /* 0: any */
	unsigned int base, offset, min, max;
	enum loaded loaded;
} fields[] = {
	{ NFPROTO_IPV4, NFT_PAYLOAD_NETWORK_HEADER, 6, 2, 2, LOADED_FRAGMENT },
	{ NFPROTO_IPV4, NFT_PAYLOAD_NETWORK_HEADER, 9, 1, 1, LOADED_PROTO },
	{ NFPROTO_IPV4, NFT_PAYLOAD_NETWORK_HEADER, 12, 1, 4, LOADED_ADDRESS },
	{ NFPROTO_IPV4, NFT_PAYLOAD_NETWORK_HEADER, 16, 1, 4, LOADED_ADDRESS },
	{ NFPROTO_IPV6, NFT_PAYLOAD_NETWORK_HEADER, 8, 1, 16, LOADED_ADDRESS },
	{ NFPROTO_IPV6, NFT_PAYLOAD_NETWORK_HEADER, 24, 1, 16, LOADED_ADDRESS },
	{ 0, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, 2, LOADED_PORT },
	{ 0, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, 2, LOADED_PORT },
	{ 0, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 4, 4, LOADED_BOTH_PORTS },
	{ 0, NFT_PAYLOAD_TRANSPORT_HEADER, 13, 1, 1, LOADED_TCP_FLAGS },
};

static uint32_t number(struct nlattr *attr)
{
	return ntohl(netlink_number(attr, htonl(UINT32_MAX)));
}

/* The bytes of a value, nested in @attr as struct nft_data is. */
static const uint8_t *value_of(struct nlattr *attr, size_t *length)
{
	struct nlattr *value =
		attr ? nla_find(nla_data(attr), nla_len(attr), NFTA_DATA_VALUE)
		     : NULL;

	*length = value ? (size_t)nla_len(value) : 0;
	return value ? nla_data(value) : NULL;
}

static bool load(struct following *f, enum loaded loaded)
{
	f->loaded = loaded;
	f->is_masked = false;
	return true;
}

/* What is looked at a second time is printed once. */
static bool is_new(uint64_t *seen, uint64_t bits)
{
	bool is_it = !(*seen & bits);

	*seen |= bits;
	return is_it;
}

/* Of the header, as old releases do, or of the packet. */
static bool load_proto(struct following *f)
{
	return is_new(&f->keys, (uint64_t)1 << NFT_META_L4PROTO) &&
	       load(f, LOADED_PROTO);
}

static bool follow_payload(struct following *f, struct nlattr **attrs)
{
	unsigned int base = number(attrs[NFTA_PAYLOAD_BASE]);
	unsigned int offset = number(attrs[NFTA_PAYLOAD_OFFSET]);
	unsigned int length = number(attrs[NFTA_PAYLOAD_LEN]);

	if (attrs[NFTA_PAYLOAD_SREG])
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		const struct field *field = &fields[i];
		bool is_transport = field->base == NFT_PAYLOAD_TRANSPORT_HEADER;

		if ((field->family && field->family != f->family) ||
		    field->base != base || field->offset != offset ||
		    length < field->min || length > field->max)
			continue;
		/* Ports mean nothing to iptables without -p. */
		if (is_transport && f->proto != IPPROTO_TCP &&
		    (f->proto != IPPROTO_UDP ||
		     field->loaded == LOADED_TCP_FLAGS))
			return false;
		if (field->loaded == LOADED_PROTO)
			return load_proto(f);
		return is_new(is_transport ? &f->transport : &f->network,
			      (((uint64_t)1 << length) - 1) << offset) &&
		       load(f, field->loaded);
	}
	return false;
}

static bool follow_meta(struct following *f, struct nlattr **attrs)
{
	unsigned int key = number(attrs[NFTA_META_KEY]);

	if (attrs[NFTA_META_SREG]) /* -j TRACE */
		return key == NFT_META_NFTRACE;
	switch (key) {
	case NFT_META_MARK:
		return load(f, LOADED_MARK);
	case NFT_META_IIFNAME:
	case NFT_META_OIFNAME:
		return is_new(&f->keys, (uint64_t)1 << key) &&
		       load(f, LOADED_NAME);
	case NFT_META_L4PROTO:
		return load_proto(f);
	}
	return false;
}

static bool is_zero(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

static bool follow_bitwise(struct following *f, struct nlattr **attrs)
{
	static const uint8_t offset_bits[] = { 0x1f, 0xff };
	size_t length, xor_length;
	const uint8_t *mask = value_of(attrs[NFTA_BITWISE_MASK], &length);
	const uint8_t * xor = value_of(attrs[NFTA_BITWISE_XOR], &xor_length);

	if (!mask || !xor || !is_zero(xor, xor_length) || f->is_masked ||
	    (attrs[NFTA_BITWISE_OP] && number(attrs[NFTA_BITWISE_OP]) != 0))
		return false;
	f->is_masked = true;
	switch (f->loaded) {
	case LOADED_ADDRESS:
	case LOADED_MARK:
		return true;
	case LOADED_FRAGMENT:
		return length == sizeof(offset_bits) &&
		       !memcmp(mask, offset_bits, length);
	case LOADED_TCP_FLAGS:
		return length == 1 && !(mask[0] & ~TCP_FLAGS_TOLD);
	case LOADED_NOTHING:
	case LOADED_PORT:
	case LOADED_BOTH_PORTS:
	case LOADED_PROTO:
	case LOADED_NAME:
		break;
	}
	return false;
}

static bool follow_cmp(struct following *f, struct nlattr **attrs)
{
	unsigned int op = number(attrs[NFTA_CMP_OP]);
	bool is_equal = op == NFT_CMP_EQ || op == NFT_CMP_NEQ;
	enum loaded loaded = f->loaded;
	size_t length;
	const uint8_t *value = value_of(attrs[NFTA_CMP_DATA], &length);

	f->loaded = LOADED_NOTHING;
	if (!value || !length)
		return false;
	switch (loaded) {
	case LOADED_NOTHING:
		return false;
	case LOADED_PROTO:
		if (op == NFT_CMP_EQ)
			f->proto = value[0];
		return is_equal;
	case LOADED_ADDRESS:
	case LOADED_BOTH_PORTS:
	case LOADED_NAME:
	case LOADED_MARK:
		return is_equal;
	case LOADED_FRAGMENT:
		return is_equal && f->is_masked && is_zero(value, length);
	case LOADED_TCP_FLAGS:
		return is_equal && f->is_masked &&
		       !(value[0] & ~TCP_FLAGS_TOLD);
	case LOADED_PORT: /* below 1 is printed as 0:1 */
		return op != NFT_CMP_LT;
	}
	return false;
}

static bool follow_range(struct following *f, struct nlattr **attrs)
{
	bool is_port = f->loaded == LOADED_PORT;

	(void)attrs;
	f->loaded = LOADED_NOTHING;
	return is_port;
}

static bool follow_limit(struct following *f, struct nlattr **attrs)
{
	(void)f;
	return number(attrs[NFTA_LIMIT_TYPE]) == NFT_LIMIT_PKTS &&
	       number(attrs[NFTA_LIMIT_FLAGS]) == 0;
}

/* -j NFLOG; LOG is a target. */
static bool follow_log(struct following *f, struct nlattr **attrs)
{
	(void)f;
	return attrs[NFTA_LOG_GROUP];
}

/* Verdicts, and -m and -j as they are. */
static bool follow_whole(struct following *f, struct nlattr **attrs)
{
	(void)f;
	(void)attrs;
	return true;
}

#define ATTRS_MAX 16

static const struct {
	const char *name;
	bool (*follow)(struct following *f, struct nlattr **attrs);
} expressions_known[] = {
	{ "payload", follow_payload }, { "meta", follow_meta },
	{ "bitwise", follow_bitwise }, { "cmp", follow_cmp },
	{ "range", follow_range },     { "limit", follow_limit },
	{ "log", follow_log },	       { "counter", follow_whole },
	{ "immediate", follow_whole }, { "match", follow_whole },
	{ "target", follow_whole },
};

static bool follow(struct following *f, struct nlattr *expression)
{
	struct nlattr *attrs[ATTRS_MAX + 1] = { 0 };
	struct nlattr *data = nla_find(nla_data(expression),
				       nla_len(expression), NFTA_EXPR_DATA);
	const char *name =
		netlink_text(nla_find(nla_data(expression), nla_len(expression),
				      NFTA_EXPR_NAME));

	if (!name || (data && nla_parse(attrs, ATTRS_MAX, nla_data(data),
					nla_len(data), NULL) < 0))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(expressions_known); i++) {
		if (!strcmp(expressions_known[i].name, name))
			return expressions_known[i].follow(f, attrs);
	}
	return false;
}

bool nft_rule_is_told(unsigned int family, const struct nlattr *expressions)
{
	struct following following = { .family = family };
	struct nlattr *expression;
	int left;

	nla_for_each_nested(expression, expressions, left)
	{
		if (!follow(&following, expression))
			return false;
	}
	return true;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>

#include "tests/lib/frame.h"
#include "tests/lib/topology.h"

struct writer {
	uint8_t *bytes;
	size_t length;
};

static void put8(struct writer *w, unsigned int value)
{
	if (w->length < FRAME_MAX)
		w->bytes[w->length++] = (uint8_t)value;
}

static void put16(struct writer *w, unsigned int value)
{
	put8(w, value >> 8);
	put8(w, value);
}

static void put32(struct writer *w, uint32_t value)
{
	put16(w, value >> 16);
	put16(w, value & 0xffff);
}

static void put_addr(struct writer *w, enum family family, u128 addr)
{
	for (int shift = family == FAMILY_IPV4 ? 24 : 120; shift >= 0;
	     shift -= 8)
		put8(w, (unsigned int)(addr >> shift));
}

static void put_filler(struct writer *w, size_t count, uint64_t noise)
{
	for (size_t i = 0; i < count; i++) {
		noise = noise * 6364136223846793005 + 1442695040888963407;
		put8(w, noise >> 56);
	}
}

static void set16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static uint32_t sum_bytes(uint32_t sum, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	return sum;
}

static uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Options around the one that was asked for; K, H and L are its kind and the
 * bytes of its value. */
#define K 0x100
#define H 0x101
#define L 0x102
static const struct layout {
	uint8_t length;
	uint16_t bytes[16];
} layouts[FRAME_LAYOUTS] = {
	{ 4, { K, 4, H, L } },
	{ 8, { 1, 3, 3, 7, K, 4, H, L } }, /* behind a window scale */
	{ 16, { 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, K, 4, H, L, 1, 0 } },
	{ 8, { K, 3, H, K, 4, L, H, 0 } }, /* the first one is too short */
	{ 8, { 0, 0, 0, 0, K, 4, H, L } }, /* behind the end of the list */
	{ 8, { K, 0, H, L, 9, 0, 1, K } }, /* no length; cut off */
	{ 4, { 1, K, 4, H } },		   /* cut off in the middle */
};

static void put_options(struct writer *w, const struct frame_spec *spec,
			const struct layout *layout)
{
	uint16_t mss = spec->tcp_mss ? spec->tcp_mss : 1460;

	for (unsigned int i = 0; i < layout->length; i++) {
		uint16_t byte = layout->bytes[i];

		put8(w, byte == K   ? spec->tcp_option
			: byte == H ? mss >> 8
			: byte == L ? mss
				    : byte);
	}
}
#undef K
#undef H
#undef L

static void put_tcp(struct writer *w, const struct frame_spec *spec)
{
	const struct layout *layout = &layouts[spec->tcp_layout];
	unsigned int doff = spec->tcp_doff	   ? spec->tcp_doff
			    : spec->tcp_option > 1 ? 5 + layout->length / 4
						   : 5;

	put16(w, spec->sport);
	put16(w, spec->dport);
	put32(w, spec->tcp_seq);
	put32(w, spec->tcp_ack);
	put8(w, doff << 4);
	put8(w, spec->tcp_flags);
	put16(w, 8192);
	put32(w, 0); /* checksum, urgent pointer */
	if (spec->tcp_option > 1)
		put_options(w, spec, layout);
}

static void put_transport(struct writer *w, const struct frame_spec *spec)
{
	switch (spec->proto) {
	case IPPROTO_TCP:
		put_tcp(w, spec);
		break;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		put16(w, spec->sport);
		put16(w, spec->dport);
		put32(w, 0);
		break;
	case IPPROTO_SCTP:
		put16(w, spec->sport);
		put16(w, spec->dport);
		put32(w, spec->tcp_seq);
		put32(w, 0);
		put32(w, 0x01000004); /* a chunk */
		break;
	case IPPROTO_DCCP:
		put16(w, spec->sport);
		put16(w, spec->dport);
		put32(w, 0x04000000);
		put32(w, 0x01000000); /* short sequence number */
		put32(w, 0);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		put16(w, spec->icmp);
		put32(w, 0);
		put16(w, 1);
		break;
	}
	for (size_t i = 0; i < spec->quote_length; i++)
		put8(w, spec->quote[i]);
}

static void put_ipv4(struct writer *w, const struct frame_spec *spec)
{
	static const uint8_t options[][4] = {
		{ 1, 1, 1, 0 },	  /* no operation, end */
		{ 148, 4, 0, 0 }, /* router alert */
		{ 1, 1, 1, 1 },
		{ 131, 3, 4, 0 }, /* loose source route, exhausted */
		{ 7, 40, 4, 0 },  /* record route, beyond the header */
	};
	bool has_options = spec->shape == FRAME_OPTIONS;
	const uint8_t *option = options[spec->noise % ARRAY_SIZE(options)];
	bool is_fragment = spec->shape == FRAME_FRAGMENT;

	put8(w, has_options ? 0x46 : 0x45);
	put8(w, spec->tos);
	put16(w, 0); /* length, later */
	put16(w, spec->id & 0xffff);
	if (is_fragment)
		put16(w, spec->offset | (spec->has_more ? 0x2000 : 0));
	else
		put16(w, spec->noise & 1 ? 0x4000 : 0); /* DF */
	put8(w, spec->ttl);
	put8(w, spec->proto);
	put16(w, 0);
	put_addr(w, FAMILY_IPV4, spec->saddr);
	put_addr(w, FAMILY_IPV4, spec->daddr);
	for (size_t i = 0; has_options && i < 4; i++)
		put8(w, option[i]);
}

/* The extension headers of one packet: up to three, in any order. */
static size_t choose_extensions(const struct frame_spec *spec, uint8_t chain[3])
{
	static const uint8_t kinds[] = {
		IPPROTO_HOPOPTS, IPPROTO_DSTOPTS,    IPPROTO_FRAGMENT,
		IPPROTO_ROUTING, IPPROTO_AH,	     IPPROTO_NONE,
		IPPROTO_DSTOPTS, 135 /* mobility */,
	};
	size_t count = 1 + spec->noise % 3;

	for (size_t i = 0; i < count; i++)
		chain[i] =
			kinds[(spec->noise >> (8 + 8 * i)) % ARRAY_SIZE(kinds)];
	return count;
}

static void put_extension(struct writer *w, uint8_t kind, uint8_t next,
			  const struct frame_spec *spec)
{
	/* Now and then a length that points beyond the packet. */
	bool is_broken = spec->noise >> 40 & 1 && spec->noise >> 41 & 1 &&
			 kind != IPPROTO_FRAGMENT;
	bool is_fragment = spec->shape == FRAME_FRAGMENT;

	put8(w, next);
	put8(w, is_broken ? 200 : kind == IPPROTO_AH ? 1 : 0);
	switch (kind) {
	case IPPROTO_FRAGMENT:
		put16(w, is_fragment ? (unsigned int)spec->offset << 3 |
					       spec->has_more
				     : 0);
		put32(w, spec->id);
		break;
	case IPPROTO_ROUTING:
		put16(w, 0); /* type 0, no segments left */
		put32(w, 0);
		break;
	case IPPROTO_AH:
		put16(w, 0);
		put32(w, 1);
		put32(w, 1); /* sequence number */
		break;
	default:
		put16(w, 0x0104); /* PadN over the rest */
		put32(w, 0);
	}
}

static void put_ipv6(struct writer *w, const struct frame_spec *spec)
{
	uint8_t chain[3];
	size_t count = 0;

	if (spec->shape == FRAME_OPTIONS)
		count = choose_extensions(spec, chain);
	else if (spec->shape == FRAME_FRAGMENT)
		chain[count++] = IPPROTO_FRAGMENT;
	put32(w, 6u << 28 | (uint32_t)spec->tos << 20 | (spec->id & 0xfffff));
	put16(w, 0); /* length, later */
	put8(w, count ? chain[0] : spec->proto);
	put8(w, spec->ttl);
	put_addr(w, FAMILY_IPV6, spec->saddr);
	put_addr(w, FAMILY_IPV6, spec->daddr);
	for (size_t i = 0; i < count; i++)
		put_extension(w, chain[i],
			      i + 1 < count ? chain[i + 1] : spec->proto, spec);
}

static void put_ethernet(struct writer *w, const struct frame_spec *spec)
{
	static const uint8_t other[6] = { 0x02, 9, 9, 9, 9, 9 };
	uint8_t target[6];

	memcpy(target, topology_mac, 6);
	if (spec->pkt_type == PACKET_BROADCAST) {
		memset(target, 0xff, 6);
	} else if (spec->pkt_type == PACKET_MULTICAST) {
		memcpy(target, "\x01\x00\x5e\x00\x00\x01", 6);
		if (spec->family == FAMILY_IPV6)
			memcpy(target, "\x33\x33\x00\x00\x00\x01", 6);
	} else if (spec->pkt_type == PACKET_OTHERHOST) {
		memcpy(target, other, 6);
	}
	for (size_t i = 0; i < 6; i++)
		put8(w, target[i]);
	for (size_t i = 0; i < 6; i++)
		put8(w, spec->smac[i]);
	put16(w, spec->family == FAMILY_IPV4 ? ETH_P_IP : ETH_P_IPV6);
}

/* Where the checksum is within a transport header, 0: it has none. */
static size_t checksum_offset(uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	}
	return 0;
}

static void finish_transport(const struct frame_spec *spec, uint8_t *network,
			     uint8_t *transport, size_t length)
{
	size_t at = checksum_offset(spec->proto);
	uint32_t sum = 0;

	if ((spec->proto == IPPROTO_UDP || spec->proto == IPPROTO_UDPLITE) &&
	    length >= 8)
		set16(transport + 4, length);
	if (!at || length < at + 2)
		return;
	if (spec->proto != IPPROTO_ICMP) {
		sum = sum_bytes((uint32_t)length + spec->proto,
				spec->family == FAMILY_IPV4 ? network + 12
							    : network + 8,
				spec->family == FAMILY_IPV4 ? 8 : 32);
	}
	sum = sum_bytes(sum, transport, length);
	set16(transport + at, sum_fold(sum) ^ spec->has_bad_checksum);
}

static void finish_network(enum family family, uint8_t *network, size_t length)
{
	if (family == FAMILY_IPV6) {
		set16(network + 4, length - 40);
		return;
	}
	set16(network + 2, length);
	set16(network + 10, 0);
	set16(network + 10,
	      sum_fold(sum_bytes(0, network, (network[0] & 0xf) * 4u)));
}

size_t frame_write(const struct frame_spec *spec, uint8_t frame[FRAME_MAX])
{
	struct writer w = { frame, 0 };
	uint8_t *network = frame + FRAME_ETH_LEN;
	size_t transport, used;

	put_ethernet(&w, spec);
	if (spec->family == FAMILY_IPV4)
		put_ipv4(&w, spec);
	else
		put_ipv6(&w, spec);
	transport = w.length;
	if (spec->shape == FRAME_GARBAGE ||
	    (spec->shape == FRAME_FRAGMENT && spec->offset))
		put_filler(&w, 8 + spec->noise % 32, spec->noise);
	else
		put_transport(&w, spec);
	used = w.length - FRAME_ETH_LEN;
	if (spec->shape == FRAME_TRUNCATED && w.length > transport + spec->cut)
		w.length = transport + spec->cut;
	else if (spec->length > used)
		put_filler(&w, spec->length - used, spec->noise);
	if (spec->shape == FRAME_FRAGMENT && spec->has_more)
		put_filler(&w, (8 - (w.length - transport) % 8) % 8, 0);
	if (spec->shape == FRAME_WHOLE || spec->shape == FRAME_OPTIONS)
		finish_transport(spec, network, frame + transport,
				 w.length - transport);
	finish_network(spec->family, network, w.length - FRAME_ETH_LEN);
	return w.length;
}

uint32_t frame_id(const uint8_t *network, size_t length)
{
	if (length < 6)
		return 0;
	if (network[0] >> 4 == 4)
		return (uint32_t)network[4] << 8 | network[5];
	return (network[1] & 0xfu) << 16 | (uint32_t)network[2] << 8 |
	       network[3];
}

static size_t write_part(const uint8_t *frame, size_t header, size_t offset,
			 size_t length, bool has_more, uint8_t *out)
{
	bool is_ipv4 = header == FRAME_ETH_LEN + 20;
	size_t used = header;

	memcpy(out, frame, header);
	if (is_ipv4) {
		set16(out + FRAME_ETH_LEN + 6,
		      offset / 8 | (has_more ? 0x2000u : 0));
	} else {
		uint8_t extra[8] = { frame[FRAME_ETH_LEN + 6] };

		out[FRAME_ETH_LEN + 6] = IPPROTO_FRAGMENT;
		set16(extra + 2, offset | has_more);
		memcpy(extra + 5, frame + FRAME_ETH_LEN + 1, 3);
		memcpy(out + used, extra, 8);
		used += 8;
	}
	memcpy(out + used, frame + header + offset, length);
	used += length;
	finish_network(is_ipv4 ? FAMILY_IPV4 : FAMILY_IPV6, out + FRAME_ETH_LEN,
		       used - FRAME_ETH_LEN);
	return used;
}

bool frame_split(const uint8_t *frame, size_t length, size_t split,
		 uint8_t first[FRAME_MAX], size_t *first_length,
		 uint8_t second[FRAME_MAX], size_t *second_length)
{
	size_t header =
		frame[12] == 0x08 ? FRAME_ETH_LEN + 20 : FRAME_ETH_LEN + 40;

	if (length <= header + split || length > FRAME_MAX - 8)
		return false;
	*first_length = write_part(frame, header, 0, split, true, first);
	*second_length = write_part(frame, header, split,
				    length - header - split, false, second);
	return true;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/own.h"
#include "tests/lib/topology.h"
#include "tests/lib/traffic.h"

#define TCP_SYN 0x02
#define TCP_ACK 0x10

int traffic_host_socket(enum family family, struct err *err)
{
	int fd = socket(family == FAMILY_IPV4 ? AF_INET : AF_INET6,
			SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	return fd < 0 ? err_system(err, errno, "a raw socket") : fd;
}

static void put_address(uint8_t *out, size_t length, u128 addr)
{
	while (length-- > 0) {
		out[length] = (uint8_t)addr;
		addr >>= 8;
	}
}

int traffic_send_by_host(int fd, const struct frame_spec *spec, struct err *err)
{
	bool is_ipv4 = spec->family == FAMILY_IPV4;
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };
	uint8_t frame[FRAME_MAX];
	size_t length = frame_write(spec, frame) - FRAME_ETH_LEN;
	ssize_t sent;

	put_address((uint8_t *)&to4.sin_addr, 4, spec->daddr);
	put_address((uint8_t *)&to6.sin6_addr, 16, spec->daddr);
	sent = sendto(fd, frame + FRAME_ETH_LEN, length, 0,
		      is_ipv4 ? (struct sockaddr *)&to4
			      : (struct sockaddr *)&to6,
		      is_ipv4 ? sizeof(to4) : sizeof(to6));
	/* No route, a broadcast, a rule of OUTPUT: it did not begin. */
	if (sent < 0 && (errno == ENOBUFS || errno == ENOMEM))
		return err_system(err, errno, "a packet of the host");
	return 0;
}

/* A packet that a conversation may consist of. */
static void choose_talk(const struct traffic *traffic, struct random *rnd,
			struct frame_spec *spec)
{
	do {
		gen_packets_next(traffic->gen, rnd, spec);
	} while (spec->shape != FRAME_WHOLE || spec->ttl < 2);
	spec->has_bad_checksum = false;
	spec->tcp_doff = 0;
}

/* The peer asks, the host (or whoever it forwards to) answers by eth0, too. */
static int open_by_peer(const struct traffic *traffic, struct frame_spec *spec,
			struct err *err)
{
	struct frame_spec reply;
	int ret;

	spec->tcp_flags = TCP_SYN;
	gen_packets_reply(spec, &reply);
	ret = traffic->send(traffic->context, spec, false, err);
	if (!ret)
		ret = traffic->send(traffic->context, &reply, false, err);
	spec->tcp_flags = TCP_ACK;
	spec->tcp_seq++;
	spec->tcp_ack = reply.tcp_seq + 1;
	return ret ? ret : traffic->send(traffic->context, spec, false, err);
}

/* @spec is the peer's answer. */
static int open_by_host(const struct traffic *traffic, struct frame_spec *spec,
			struct err *err)
{
	bool is_ipv4 = spec->family == FAMILY_IPV4;
	struct frame_spec request;
	int ret;

	gen_packets_reply(spec, &request);
	request.tcp_flags = TCP_SYN;
	request.tcp_seq = spec->tcp_ack = (uint32_t)spec->noise;
	request.icmp = is_ipv4 ? 8 << 8 : 128 << 8;
	spec->icmp = is_ipv4 ? 0 : 129 << 8;
	spec->tcp_flags = TCP_SYN | TCP_ACK;
	spec->tcp_ack = request.tcp_seq + 1;
	ret = traffic->send(traffic->context, &request, true, err);
	if (!ret)
		ret = traffic->send(traffic->context, spec, false, err);
	request.tcp_flags = TCP_ACK;
	request.tcp_seq++;
	request.tcp_ack = ++spec->tcp_seq;
	spec->tcp_flags = TCP_ACK;
	return ret ? ret : traffic->send(traffic->context, &request, true, err);
}

int traffic_begin(struct traffic *traffic, struct random *rnd, struct err *err)
{
	for (size_t i = 0; i < TRAFFIC_TALKS; i++) {
		struct frame_spec *spec = &traffic->talks[i];
		int ret;

		choose_talk(traffic, rnd, spec);
		if (random_chance(rnd, 40))
			spec->daddr = topology_addr(spec->family, 0);
		if (topology_is_local(spec->family, spec->daddr) &&
		    random_chance(rnd, 50))
			ret = open_by_host(traffic, spec, err);
		else
			ret = open_by_peer(traffic, spec, err);
		if (ret)
			return ret;
	}
	return 0;
}

/* An error that quotes a packet of a conversation. */
static void make_error(const struct frame_spec *about, struct frame_spec *spec)
{
	static uint8_t quoted[FRAME_MAX];
	bool is_ipv4 = about->family == FAMILY_IPV4;
	size_t length = frame_write(about, quoted) - FRAME_ETH_LEN;

	gen_packets_reply(about, spec);
	spec->proto = is_ipv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	spec->icmp = is_ipv4 ? 3 << 8 | 1 : 1 << 8 | 4;
	spec->quote = quoted + FRAME_ETH_LEN;
	spec->quote_length = length < 128 ? length : 128;
}

void traffic_next(const struct traffic *traffic, struct random *rnd,
		  struct frame_spec *spec)
{
	const struct frame_spec *about =
		&traffic->talks[random_below(rnd, TRAFFIC_TALKS)];
	struct frame_spec answered;
	unsigned int die = random_below(rnd, 100);

	if (die >= 25)
		return gen_packets_next(traffic->gen, rnd, spec);
	gen_packets_reply(about, &answered);
	if (die < 12)
		*spec = *about;
	else if (die < 18)
		*spec = answered;
	else
		make_error(die < 22 ? about : &answered, spec);
}

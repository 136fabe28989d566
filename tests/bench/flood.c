// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ends of a line that is being flooded, for tests/bench/flood.sh:
 *
 *	flood receive TAP MAC ADDRESS syn|udp RATE SECONDS
 *		let so many packets a second come in by a tap device, from
 *		made-up senders: TCP SYN to port 23 from anywhere, or UDP from
 *		10.66.0.0/16. Prints the number a second.
 *	flood drain PORT SECONDS
 *		take one connection; prints the Mbit/s that came by it
 *	flood pour ADDRESS PORT SECONDS
 *		fill it
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 32
#define CHUNK (64 * 1024)

struct frame {
	uint8_t ethernet[14];
	struct iphdr ip;
	union {
		struct tcphdr tcp;
		struct udphdr udp;
		uint8_t room[26]; /* the shortest frame has 60 bytes */
	};
} __attribute__((packed));

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static uint16_t ip_checksum(const struct frame *frame)
{
	const uint8_t *bytes = (const uint8_t *)frame + sizeof(frame->ethernet);
	uint32_t sum = 0;

	for (int i = 0; i < 20; i += 2)
		sum += bytes[i] | bytes[i + 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static uint32_t next(uint32_t *state)
{
	return *state = *state * 1664525 + 1013904223;
}

static void make_frame(struct frame *frame, const uint8_t mac[6],
		       in_addr_t address, int is_udp, uint32_t *state)
{
	uint32_t noise = next(state) >> 8;

	*frame = (struct frame){ .ethernet = { [12] = 8 } };
	memcpy(frame->ethernet, mac, 6);
	frame->ethernet[6] = 2;
	frame->ip = (struct iphdr){
		.version = 4,
		.ihl = 5,
		.ttl = 64,
		.tot_len = htons(is_udp ? 46 : 40),
		.protocol = is_udp ? IPPROTO_UDP : IPPROTO_TCP,
		.daddr = address,
		.saddr = is_udp ? htonl(0x0a420000 | (noise & 0xffff))
				: htonl(0x2d000000 | noise),
	};
	frame->ip.check = ip_checksum(frame);
	if (is_udp) {
		frame->udp.source = htons(53);
		frame->udp.dest = htons(noise);
		frame->udp.len = htons(26);
		return;
	}
	frame->tcp.source = htons(1024 + noise % 60000);
	frame->tcp.dest = htons(23);
	frame->tcp.doff = 5;
	frame->tcp.syn = 1;
}

static int open_tap(const char *name)
{
	struct ifreq wanted = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR);

	strncpy(wanted.ifr_name, name, IFNAMSIZ - 1);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &wanted))
		die(name);
	return fd;
}

static void read_mac(const char *text, uint8_t mac[6])
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
		   &mac[2], &mac[3], &mac[4], &mac[5]) != 6) {
		errno = EINVAL;
		die(text);
	}
}

static void wait_until(double time)
{
	double left = time - seconds();
	struct timespec pause = { .tv_nsec = left * 1e9 };

	if (left > 0 && left < 1)
		nanosleep(&pause, NULL);
}

static void receive(char **args)
{
	struct frame frame;
	uint8_t mac[6];
	uint32_t state = 1;
	int fd = open_tap(args[0]), is_udp = !strcmp(args[3], "udp");
	double rate = atof(args[4]), length = atof(args[5]);
	double begin = seconds(), sent = 0;

	read_mac(args[1], mac);
	while (seconds() - begin < length) {
		for (int i = 0; i < BATCH; i++) {
			make_frame(&frame, mac, inet_addr(args[2]), is_udp,
				   &state);
			/* A full queue loses packets, as a full line does. */
			if (write(fd, &frame, sizeof(frame)) < 0 &&
			    errno != ENOBUFS && errno != ENOMEM)
				die("write");
		}
		sent += BATCH;
		wait_until(begin + sent / rate);
	}
	printf("%.0f\n", sent / (seconds() - begin));
}

static void drain(char **args)
{
	static char chunk[CHUNK];
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_port = htons(atoi(args[0])) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
	double length = atof(args[1]), begin, bytes = 0;
	ssize_t count;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof(here)) ||
	    listen(fd, 1))
		die("listen");
	fd = accept(fd, NULL, NULL);
	if (fd < 0)
		die("accept");
	for (begin = seconds(); seconds() - begin < length; bytes += count) {
		count = recv(fd, chunk, sizeof(chunk), 0);
		if (count <= 0)
			break;
	}
	printf("%.0f\n", bytes * 8 / 1e6 / (seconds() - begin));
}

static void pour(char **args)
{
	static char chunk[CHUNK];
	struct sockaddr_in there = { .sin_family = AF_INET,
				     .sin_port = htons(atoi(args[1])),
				     .sin_addr.s_addr = inet_addr(args[0]) };
	double length = atof(args[2]), begin = seconds();
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&there, sizeof(there)))
		die("connect");
	while (seconds() - begin < length) {
		if (send(fd, chunk, sizeof(chunk), MSG_NOSIGNAL) < 0)
			break;
	}
}

int main(int argc, char **argv)
{
	if (argc == 8 && !strcmp(argv[1], "receive"))
		receive(argv + 2);
	else if (argc == 4 && !strcmp(argv[1], "drain"))
		drain(argv + 2);
	else if (argc == 5 && !strcmp(argv[1], "pour"))
		pour(argv + 2);
	else
		return 1;
	return 0;
}

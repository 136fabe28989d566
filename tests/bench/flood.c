// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ends of a line that is being flooded, for tests/bench/flood.sh:
 *
 *	flood wire SERVER-END CLIENT-END CLIENT
 *		join two veth devices: what comes in by one goes out by the
 *		other, to the client only what is for its address
 *	flood send IF MAC ADDRESS syn|udp RATE BEGIN END
 *		so many packets a second out by a veth device, from made-up
 *		senders: TCP SYN to port 23 from 45.0.0.0/8, or UDP from
 *		10.66.0.0/16. Prints how many a second there were,
 *		and how many.
 *	flood drain PORT BEGIN END
 *		take one connection; prints the Mbit/s that came by it
 *	flood pour ADDRESS PORT END MBITS
 *		fill it, with no more than so many Mbit/s
 *
 * BEGIN and END are seconds of /proc/uptime: who takes part is told before, and
 * needs nobody afterwards. Exits with 1 when it is late.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/flood.h"
#include "flood.skel.h"

#define CHUNK (64 * 1024)

struct frame {
	uint8_t ethernet[14];
	struct iphdr ip;
	union {
		struct tcphdr tcp;
		struct udphdr udp;
		uint8_t room[FLOOD_BYTES - 34];
	} __attribute__((packed));
} __attribute__((packed));
_Static_assert(sizeof(struct frame) == FLOOD_BYTES, "the shortest frame");

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* The program's end, if it is too late for it. */
static void wait_until(double time)
{
	const struct timespec until = {
		.tv_sec = time,
		.tv_nsec = (time - (time_t)time) * 1e9,
	};

	if (seconds() > time) {
		errno = ETIME;
		die("late");
	}
	while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &until, NULL))
		;
}

static uint32_t add_words(const void *data, size_t bytes, uint32_t sum)
{
	const uint8_t *at = data;

	for (size_t i = 0; i < bytes; i += 2)
		sum += at[i] | at[i + 1] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Over header and pseudo-header. */
static uint16_t tcp_checksum(const struct frame *frame)
{
	uint32_t sum = htons(IPPROTO_TCP) + htons(sizeof(frame->tcp));

	sum = add_words(&frame->ip.saddr, 8, sum);
	return fold(add_words(&frame->tcp, sizeof(frame->tcp), sum));
}

/* All but the sender, which the program fills in. */
static void make_frame(struct frame *frame, const uint8_t mac[6],
		       in_addr_t address, int is_udp)
{
	*frame = (struct frame){ .ethernet = { [6] = 2, [11] = 9, [12] = 8 } };
	memcpy(frame->ethernet, mac, 6);
	frame->ip = (struct iphdr){
		.version = 4,
		.ihl = 5,
		.ttl = 64,
		.tot_len = htons(is_udp ? 46 : 40),
		.protocol = is_udp ? IPPROTO_UDP : IPPROTO_TCP,
		.daddr = address,
	};
	frame->ip.check = fold(add_words(&frame->ip, sizeof(frame->ip), 0));
	if (is_udp) {
		frame->udp.source = htons(53);
		frame->udp.len = htons(26);
		return;
	}
	frame->tcp.dest = htons(23);
	frame->tcp.doff = 5;
	frame->tcp.syn = 1;
	frame->tcp.window = htons(1024);
	frame->tcp.check = tcp_checksum(frame);
}

static void read_mac(const char *text, uint8_t mac[6])
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
		   &mac[2], &mac[3], &mac[4], &mac[5]) != 6) {
		errno = EINVAL;
		die(text);
	}
}

static uint32_t find(const char *iface)
{
	uint32_t ifindex = if_nametoindex(iface);

	if (!ifindex)
		die(iface);
	return ifindex;
}

static struct flood *load(void)
{
	struct flood *flood = flood__open_and_load();

	if (!flood)
		die("the programs do not load");
	return flood;
}

static void wire(char **args)
{
	struct flood *flood = load();

	flood->bss->client = inet_addr(args[2]);
	for (int i = 0; i < 2; i++) {
		flood->bss->ends[i] = find(args[i]);
		if (bpf_xdp_attach(flood->bss->ends[i],
				   bpf_program__fd(flood->progs.carry),
				   XDP_FLAGS_DRV_MODE, NULL))
			die(args[i]);
	}
}

static void nothing(int signal)
{
	(void)signal;
}

/* One run of the program for each packet and for each moment without one. */
static void spin(int program, double length)
{
	static const uint8_t any[FLOOD_BYTES];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = any,
		    .data_size_in = sizeof(any), .repeat = UINT32_MAX / 2,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = 16);
	const struct sigaction action = { .sa_handler = nothing };
	const struct timeval until = { .tv_sec = length,
				       .tv_usec =
					       (length - (long)length) * 1e6 };
	const struct itimerval timer = { .it_value = until };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	if (bpf_prog_test_run_opts(program, &opts) && errno != EINTR)
		die("BPF_PROG_TEST_RUN");
}

static void send_flood(char **args)
{
	struct flood *flood = load();
	int is_udp = !strcmp(args[3], "udp");
	struct frame frame;
	uint8_t mac[6];
	double begin;

	read_mac(args[1], mac);
	make_frame(&frame, mac, inet_addr(args[2]), is_udp);
	memcpy(flood->bss->frame, &frame, sizeof(frame));
	flood->bss->senders = is_udp ? 0x0a420000 : 0x2d000000;
	flood->bss->open = is_udp ? 0xffff : 0xffffff;
	flood->bss->rate = strtoull(args[4], NULL, 10);
	flood->bss->ifindex = find(args[0]);
	begin = atof(args[5]);
	wait_until(begin);
	spin(bpf_program__fd(flood->progs.generate), atof(args[6]) - begin);
	printf("%.0f %llu\n", flood->bss->sent / (seconds() - begin),
	       (unsigned long long)flood->bss->sent);
}

static int take_connection(in_port_t port, double until)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_port = htons(port) };
	const struct timeval patience = { .tv_usec = 100000 };
	int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1, peer = -1;

	/* However little comes, the time is up in time. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof(here)) ||
	    listen(fd, 1))
		die("listen");
	while (peer < 0 && seconds() < until)
		peer = accept(fd, NULL, NULL);
	if (peer < 0)
		die("accept");
	setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return peer;
}

static void drain(char **args)
{
	static char chunk[CHUNK];
	double begin = atof(args[1]), end = atof(args[2]), bytes = 0;
	int fd = take_connection(atoi(args[0]), begin);

	for (;;) {
		ssize_t count = recv(fd, chunk, sizeof(chunk), 0);
		double now = seconds();

		if (now > end || count == 0 || (count < 0 && errno != EAGAIN))
			break;
		if (now > begin && count > 0)
			bytes += count;
	}
	printf("%.0f\n", bytes * 8 / 1e6 / (end - begin));
}

static void pour(char **args)
{
	static char chunk[CHUNK];
	const struct sockaddr_in there = { .sin_family = AF_INET,
					   .sin_port = htons(atoi(args[1])),
					   .sin_addr.s_addr =
						   inet_addr(args[0]) };
	/* Against a peer that is not heard of any more. */
	const struct timeval patience = { .tv_usec = 100000 };
	double end = atof(args[2]);
	uint32_t pace = atof(args[3]) * 1e6 / 8; /* bytes a second */
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &pace, sizeof(pace)))
		die("socket");
	if (connect(fd, (const struct sockaddr *)&there, sizeof(there)))
		die("connect");
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	while (seconds() < end) {
		if (send(fd, chunk, sizeof(chunk), MSG_NOSIGNAL) < 0 &&
		    errno != EAGAIN)
			break;
	}
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "wire"))
		wire(argv + 2);
	else if (argc == 9 && !strcmp(argv[1], "send"))
		send_flood(argv + 2);
	else if (argc == 5 && !strcmp(argv[1], "drain"))
		drain(argv + 2);
	else if (argc == 6 && !strcmp(argv[1], "pour"))
		pour(argv + 2);
	else
		return 1;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark's tool, for tests/bench/bench.py:
 *
 *	pump trace RULES COUNT FILE any|drops  make packets for a ruleset: the
 *		first one is for its last rule that drops, nine of ten others
 *		for any of its rules, one for none; or only what is dropped
 *	pump run FILE COUNT ID|drop          nanoseconds for each packet in the
 *		program (BPF_PROG_TEST_RUN), the first COUNT of the trace in turn
 *	pump send FILE COUNT IF MS           nanoseconds for each packet sent to
 *		the peer of a veth device and handled there; about so long
 *	pump once FILE COUNT IF              send each packet once
 *	pump attach IF                       the floor: drop all that comes in
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "rules/flatten.h"
#include "rules/read.h"
#include "tests/bench/pump.h"
#include "pump.skel.h"

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "pump: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Making packets */

static void put(uint8_t *at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = value >> 8 * (bytes - 1 - i);
}

static void put_checksum(uint8_t *ip)
{
	uint32_t sum = 0;

	for (int i = 0; i < 20; i += 2)
		sum += ip[i] << 8 | ip[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put(ip + 10, ~sum & 0xffff, 2);
}

static void put_transport(uint8_t *at, const u128 *fields)
{
	put(at, fields[FIELD_SPORT], 2);
	put(at + 2, fields[FIELD_DPORT], 2);
	if (fields[FIELD_PROTO] == IPPROTO_TCP) {
		at[12] = 5 << 4;
		at[13] = fields[FIELD_TCP_FLAGS];
	} else if (fields[FIELD_PROTO] == IPPROTO_UDP) {
		put(at + 4, 20, 2);
	} else if (fields[FIELD_PROTO] == IPPROTO_ICMP) {
		put(at, fields[FIELD_ICMP], 2);
	}
}

static void write_ipv4(const struct header *header, struct pump_packet *packet)
{
	const u128 *fields = header->fields;
	uint8_t *ip = packet->bytes + 14;

	memset(packet, 0, sizeof(*packet));
	memcpy(packet->bytes, mac, sizeof(mac));
	packet->bytes[6] = 2;
	packet->bytes[11] = 2;
	put(packet->bytes + 12, 0x0800, 2);
	ip[0] = 0x45;
	ip[1] = fields[FIELD_TOS];
	put(ip + 2, 40, 2);
	ip[8] = fields[FIELD_TTL];
	ip[9] = fields[FIELD_PROTO];
	put(ip + 12, fields[FIELD_SADDR], 4);
	put(ip + 16, fields[FIELD_DADDR], 4);
	put_checksum(ip);
	put_transport(ip + 20, fields);
}

static u128 pick(struct random *rnd, const struct set *set)
{
	const struct interval *interval =
		&set->intervals[random_below(rnd, set->count)];

	return interval->min +
	       random_wide(rnd) % (interval->max - interval->min + 1);
}

/* Of a region, or of none in particular. */
static struct header draw(struct random *rnd, const struct region *region)
{
	struct header header = { 0 };

	for (int f = 0; f < FIELD_COUNT; f++) {
		const struct set *set = region ? region->cond.fields[f] : NULL;

		header.fields[f] =
			set ? pick(rnd, set)
			    : random_wide(rnd) & field_max(f, FAMILY_IPV4);
	}
	header.fields[FIELD_TTL] = 64;
	header.fields[FIELD_LENGTH] = 40;
	header.fields[FIELD_TCP_FLAGS] = 2;
	if (!region || !region->cond.fields[FIELD_PROTO])
		header.fields[FIELD_PROTO] =
			random_chance(rnd, 50) ? IPPROTO_TCP : IPPROTO_UDP;
	return header;
}

/* A packet that the last dropping region with one decides. */
static struct header draw_last(struct random *rnd, const struct flat *flat)
{
	struct header header = { 0 };

	for (size_t i = flat->region_count; i-- > 0;) {
		const struct region *region = &flat->regions[i];

		if (!region->drop)
			continue;
		for (int tries = 0; tries < 20; tries++) {
			header = draw(rnd, region);
			if (flat_find(flat, &header) == region)
				return header;
		}
	}
	return draw(rnd, NULL);
}

static char *read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "re");
	size_t room = (size_t)256 << 20;
	char *text = malloc(room);

	if (!file || !text)
		die(path);
	*length = fread(text, 1, room, file);
	fclose(file);
	return text;
}

static struct flat *flatten(const char *path)
{
	static const uint8_t states[] = { CT_ALL };
	const struct flatten_options options = {
		.iface = "p0",
		.state_sets = states,
		.state_set_count = 1,
	};
	struct ruleset *rules = NULL; /* which the regions refer to */
	struct flat *flat = NULL;
	struct err err;
	size_t length;
	char *text = read_file(path, &length);

	if (read_rules(text, length, path, FAMILY_IPV4, &rules, NULL, &err) ||
	    flatten_make(rules, &options, &flat, &err)) {
		fprintf(stderr, "pump: %s\n", err.text);
		exit(1);
	}
	return flat;
}

/* @only_drops: of what the rules drop, where there is such a thing. */
static struct header draw_any(struct random *rnd, const struct flat *flat,
			      bool only_drops)
{
	struct header header = { 0 };

	for (int tries = 0; tries < 200; tries++) {
		size_t at = random_below(rnd, flat->region_count);
		bool is_hit = only_drops || random_chance(rnd, 90);

		header = draw(rnd, is_hit ? &flat->regions[at] : NULL);
		if (!only_drops || flat_find(flat, &header)->drop)
			break;
	}
	return header;
}

static int make_trace(const char *rules, size_t count, const char *path,
		      bool only_drops)
{
	struct flat *flat = flatten(rules);
	struct random rnd = random_make(1, count);
	FILE *file = fopen(path, "we");

	if (!file)
		die(path);
	for (size_t i = 0; i < count; i++) {
		struct header header = i ? draw_any(&rnd, flat, only_drops)
					 : draw_last(&rnd, flat);
		struct pump_packet packet;

		write_ipv4(&header, &packet);
		fwrite(&packet, sizeof(packet), 1, file);
	}
	return fclose(file) ? 1 : 0;
}

/* Running them */

static struct pump *load(const char *path, size_t count, bool has_frags)
{
	FILE *file = fopen(path, "re");
	struct pump *pump = pump__open();

	if (!file || !pump)
		die(path);
	if (has_frags)
		bpf_program__set_flags(pump->progs.call, BPF_F_XDP_HAS_FRAGS);
	if (pump__load(pump))
		die("the programs do not load");
	if (fread(pump->bss->packets, PUMP_BYTES, count, file) != count)
		die("the trace is too short");
	fclose(file);
	pump->bss->mask = count - 1;
	return pump;
}

/*
 * The kernel's own measure, which leaves out what setting up costs (20 ms and
 * more). What a sent packet sets off runs within it, on the same processor:
 * the peer takes each batch from the softirq that the batch ends in.
 */
static double test_run(int fd, uint32_t repeat, bool is_live)
{
	uint8_t frame[PUMP_BYTES] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame,
		    .data_size_in = sizeof(frame), .repeat = repeat);

	if (is_live) {
		opts.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
		opts.batch_size = 64;
	}
	if (bpf_prog_test_run_opts(fd, &opts))
		die("BPF_PROG_TEST_RUN");
	return opts.duration;
}

static int run(const char *trace, size_t count, const char *what)
{
	const __u32 first = 0;
	bool has_frags = false;
	struct pump *pump = load(trace, count, has_frags);
	int fd = strcmp(what, "drop") ? bpf_prog_get_fd_by_id(atoi(what))
				      : bpf_program__fd(pump->progs.drop);

	if (fd < 0)
		die(what);
	if (bpf_map_update_elem(bpf_map__fd(pump->maps.measured), &first, &fd,
				BPF_ANY)) {
		pump__destroy(pump);
		pump = load(trace, count, true);
		if (bpf_map_update_elem(bpf_map__fd(pump->maps.measured),
					&first, &fd, BPF_ANY))
			die("the program cannot be called");
	}
	test_run(bpf_program__fd(pump->progs.call), 2 * count, false);
	printf("%.1f\n",
	       test_run(bpf_program__fd(pump->progs.call), 200000, false));
	return 0;
}

static int send_all(const char *trace, size_t count, const char *iface,
		    double milliseconds)
{
	struct pump *pump = load(trace, count, false);
	int fd = bpf_program__fd(pump->progs.send);
	uint32_t repeat = 256;
	double ns;

	pump->bss->ifindex = if_nametoindex(iface);
	if (!pump->bss->ifindex)
		die(iface);
	if (milliseconds == 0) {
		test_run(fd, count, true);
		return 0;
	}
	ns = test_run(fd, repeat, true);
	repeat = milliseconds * 1e6 / (ns < 100 ? 100 : ns);
	printf("%.1f\n", test_run(fd, repeat < 256 ? 256 : repeat, true));
	return 0;
}

static int attach(const char *iface)
{
	struct pump *pump = pump__open_and_load();

	if (!pump || bpf_xdp_attach(if_nametoindex(iface),
				    bpf_program__fd(pump->progs.drop),
				    XDP_FLAGS_DRV_MODE, NULL))
		die(iface);
	return 0;
}

/* The generator and what it wakes up take turns on one processor. */
static void stay_here(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("sched_setaffinity");
}

int main(int argc, char **argv)
{
	const char *word = argc > 2 ? argv[1] : "";
	size_t count = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;

	stay_here();
	if (argc == 3 && !strcmp(word, "attach"))
		return attach(argv[2]);
	if (!count || count > PUMP_PACKETS || count & (count - 1)) {
		fprintf(stderr, "pump: see tests/bench/pump.c\n");
		return 1;
	}
	if (argc == 6 && !strcmp(word, "trace"))
		return make_trace(argv[2], count, argv[4],
				  !strcmp(argv[5], "drops"));
	if (argc == 5 && !strcmp(word, "run"))
		return run(argv[2], count, argv[4]);
	if (argc == 6 && !strcmp(word, "send"))
		return send_all(argv[2], count, argv[4], atof(argv[5]));
	if (argc == 5 && !strcmp(word, "once"))
		return send_all(argv[2], count, argv[4], 0);
	fprintf(stderr, "pump: see tests/bench/pump.c\n");
	return 1;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "offload/timing.h"

#define PACKETS	  9
#define REPEAT	  20000
#define FRAME_MAX 128

static size_t put(uint8_t *at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = value >> 8 * (bytes - 1 - i);
	return bytes;
}

static size_t put_address(uint8_t *at, u128 address, bool is_ipv4)
{
	if (is_ipv4)
		return put(at, address, 4);
	return put(at, address >> 64, 8) + put(at + 8, address, 8);
}

static size_t put_transport(uint8_t *at, const struct header *header)
{
	const u128 *fields = header->fields;

	memset(at, 0, 20);
	put(at, fields[FIELD_SPORT], 2);
	put(at + 2, fields[FIELD_DPORT], 2);
	switch ((int)fields[FIELD_PROTO]) {
	case IPPROTO_TCP:
		at[12] = 5 << 4;
		at[13] = fields[FIELD_TCP_FLAGS];
		return 20;
	case IPPROTO_UDP:
		put(at + 4, 20, 2);
		return 20;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		put(at, fields[FIELD_ICMP], 2);
	}
	return 20;
}

/* An Ethernet frame with this header; lengths are those of the frame. */
static size_t write_frame(enum wire_class class, const struct header *header,
			  uint8_t frame[FRAME_MAX])
{
	const u128 *fields = header->fields;
	bool is_ipv4 = class != WIRE_IPV6;
	uint8_t *at = frame, *ip;

	at += put(at, 0x020000000001, 6);
	at += put(at, fields[FIELD_SMAC], 6);
	at += put(at, is_ipv4 ? 0x0800 : 0x86dd, 2);
	ip = at;
	memset(ip, 0, 40);
	if (is_ipv4) {
		ip[0] = 0x45;
		ip[1] = fields[FIELD_TOS];
		put(ip + 2, 40, 2);
		put(ip + 6, class == WIRE_FRAGMENT ? 100 : 0, 2);
		ip[8] = fields[FIELD_TTL];
		ip[9] = fields[FIELD_PROTO];
	} else {
		put(ip, 0x6 << 4 | (unsigned int)fields[FIELD_TOS] >> 4, 1);
		put(ip + 4, 20, 2);
		ip[6] = fields[FIELD_PROTO];
		ip[7] = fields[FIELD_TTL];
	}
	at += is_ipv4 ? 12 : 8;
	at += put_address(at, fields[FIELD_SADDR], is_ipv4);
	at += put_address(at, fields[FIELD_DADDR], is_ipv4);
	at += put_transport(at, header);
	return at - frame;
}

/* A packet of a region: the lowest values that it has. */
static struct header header_of(const struct region *region)
{
	struct header header = { 0 };

	header.fields[FIELD_PROTO] = IPPROTO_TCP;
	header.fields[FIELD_TTL] = 64;
	for (int f = 0; f < FIELD_COUNT; f++) {
		const struct set *set = region->cond.fields[f];

		if (set && set->count)
			header.fields[f] = set->intervals[0].min;
	}
	return header;
}

static int run(int prog_fd, const uint8_t *frame, size_t length, double *out)
{
	uint8_t copy[FRAME_MAX];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame,
		    .data_size_in = length, .data_out = copy,
		    .data_size_out = sizeof(copy), .repeat = REPEAT);

	if (bpf_prog_test_run_opts(prog_fd, &opts))
		return -errno;
	*out = opts.duration;
	return 0;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

/* Both programs in turn, so that what else this machine does meets both. */
static int measure_class(int prog_fd, int parse_fd, enum wire_class class,
			 const struct flat *flat, struct timing *out)
{
	double parse[PACKETS], whole[PACKETS];
	uint8_t frame[FRAME_MAX];

	for (size_t i = 0; i < PACKETS; i++) {
		size_t region = (flat->region_count - 1) * i / (PACKETS - 1);
		struct header header = header_of(&flat->regions[region]);
		size_t length = write_frame(class, &header, frame);
		int result = run(parse_fd, frame, length, &parse[i]);

		if (!result)
			result = run(prog_fd, frame, length, &whole[i]);
		if (result)
			return result;
	}
	out->is_known = true;
	out->parse = median(parse, PACKETS);
	out->whole = median(whole, PACKETS);
	return 0;
}

static int load(const struct program *program, struct loaded **out,
		struct err *err)
{
	static const uint8_t digest[32];
	const struct load_options options = { .digest = digest };

	return load_program(program, &options, out, err);
}

int timing_measure(const struct plan *plan, struct timing out[WIRE_CLASS_COUNT],
		   struct err *err)
{
	const struct program *program = plan->program;
	const struct flat *none[WIRE_CLASS_COUNT] = { NULL };
	OWN(program) struct program *parse = NULL;
	OWN(loaded) struct loaded *loaded = NULL, *loaded_parse = NULL;
	int result = program_make(none, &program->settings, &target_software,
				  &parse, err);

	if (!result)
		result = load(program, &loaded, err);
	if (!result)
		result = load(parse, &loaded_parse, err);
	if (result)
		return result;
	for (int class = 0; class < WIRE_CLASS_COUNT && !result; class ++) {
		out[class] = (struct timing){ 0 };
		if (program->lists[class].by)
			result = measure_class(loaded->prog_fd,
					       loaded_parse->prog_fd, class,
					       plan->flats[class], &out[class]);
	}
	return result ? err_system(err, -result, "BPF_PROG_TEST_RUN") : 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What asking connection tracking costs: the same packet, dropped by a program
 * that need not ask, and by one that must (soundness.md 2.1). Prints both and the
 * difference, in nanoseconds: the medians of several rounds, in
 * which they take turns. No connection has the packet, as of most attacks.
 */
#include <stdio.h>

#include "tests/unit/bpf_hand.h"

#define REPEAT 200000
#define ROUNDS 7

static const struct frame_spec syn = {
	.family = FAMILY_IPV4,
	.pkt_type = PACKET_HOST,
	.saddr = 0x0a000001,
	.daddr = 0x0a000002,
	.proto = IPPROTO_TCP,
	.ttl = 64,
	.tcp_flags = 0x02,
	.dport = 23,
};

/* Drop all, or all but packets of known connections. */
static struct loaded *load(unsigned int states)
{
	struct hand hand = hand_make(FAMILY_IPV4);
	struct wire_settings settings = hand_settings;
	OWN(program) struct program *program = NULL;
	struct loaded *loaded;

	hand_add(&hand, WORLDS(STAGE_PREROUTING, states) |
				WORLDS(STAGE_INPUT, states) |
				WORLDS(STAGE_FORWARD, states));
	settings.has_lookup = 1;
	program = hand_program(&hand, WIRE_IPV4, &settings);
	loaded = hand_load(program);
	hand_free(&hand);
	return loaded;
}

/* Nanoseconds of one run. */
static int cost(const struct loaded *loaded)
{
	uint8_t frame[FRAME_MAX];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame,
		    .data_size_in = frame_write(&syn, frame), .repeat = REPEAT);

	if (bpf_prog_test_run_opts(loaded->prog_fd, &opts) ||
	    opts.retval != XDP_DROP) {
		fprintf(stderr, "lookup: the program does not drop\n");
		exit(1);
	}
	return opts.duration;
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int median(int values[ROUNDS])
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

int main(void)
{
	OWN(loaded) struct loaded *plain = load(CT_ALL);
	OWN(loaded) struct loaded *asking = load(CT_ALL & ~CT_ESTABLISHED);
	int without[ROUNDS], with[ROUNDS], lookup[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		without[i] = cost(plain);
		with[i] = cost(asking);
		lookup[i] = with[i] - without[i];
	}
	printf("dropped without asking: %d ns, after asking connection "
	       "tracking: %d ns, the lookup: %d ns\n",
	       median(without), median(with), median(lookup));
	return 0;
}

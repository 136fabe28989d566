// SPDX-License-Identifier: GPL-2.0-only
/* How many of the packets that the host would log go up. */
#include <time.h>

#include "tests/unit/bpf_hand.h"

#define RATE 20
#define SENT 400

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

/* One region, which drops in @drop and drops in @logged after it logged. */
static struct loaded *load(worlds_t drop, worlds_t logged, uint32_t rate)
{
	struct hand hand = hand_make(FAMILY_IPV4);
	struct region *region = hand_add(&hand, drop | logged);
	struct wire_settings settings = hand_settings;
	OWN(program) struct program *program = NULL;
	struct loaded *loaded;

	region->drop = drop;
	region->logged = logged;
	settings.log_rate = rate;
	program = hand_program(&hand, WIRE_IPV4, &settings);
	loaded = hand_load(program);
	hand_free(&hand);
	return loaded;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static unsigned int count_passed(const struct loaded *loaded, unsigned int sent)
{
	unsigned int passed = 0;

	for (unsigned int i = 0; i < sent; i++)
		passed += !hand_drops(loaded, &syn);
	return passed;
}

static void no_more_go_up_than_was_asked_for(void **state)
{
	double began = seconds();

	(void)state;
	skip_without_root();

	OWN(loaded) struct loaded *loaded = load(0, WORLDS_ALL, RATE);
	unsigned int passed = count_passed(loaded, SENT);

	/* A full bucket, and what has run into it since. */
	assert_true(passed >= RATE);
	assert_true(passed <= RATE + 1 + RATE * (seconds() - began));
}

static void the_bucket_fills_again(void **state)
{
	struct timespec pause = { .tv_nsec = 300 * 1000 * 1000 };

	(void)state;
	skip_without_root();

	OWN(loaded) struct loaded *loaded = load(0, WORLDS_ALL, RATE);
	count_passed(loaded, SENT);
	nanosleep(&pause, NULL);
	assert_true(count_passed(loaded, SENT) >= RATE / 4);
}

static void what_nobody_logs_takes_no_token(void **state)
{
	(void)state;
	skip_without_root();

	OWN(loaded) struct loaded *loaded = load(WORLDS_ALL, 0, RATE);
	assert_int_equal(count_passed(loaded, SENT), 0);
}

static void one_logged_state_is_enough_to_go_up(void **state)
{
	worlds_t logged = WORLDS(STAGE_PREROUTING, CT_NEW) |
			  WORLDS(STAGE_INPUT, CT_NEW) |
			  WORLDS(STAGE_FORWARD, CT_NEW);

	(void)state;
	skip_without_root();

	OWN(loaded)
	struct loaded *loaded = load(WORLDS_ALL & ~logged, logged, RATE);
	assert_true(count_passed(loaded, SENT) >= RATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_go_up_than_was_asked_for),
		cmocka_unit_test(the_bucket_fills_again),
		cmocka_unit_test(what_nobody_logs_takes_no_token),
		cmocka_unit_test(one_logged_state_is_enough_to_go_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

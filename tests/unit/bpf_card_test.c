// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frame of cards, run by the host's own kernel: what it drops is the same
 * there. That cards take it is for tests/hw to say.
 */
#include "tests/unit/bpf_hand.h"

#include <linux/icmp.h>

#include "bpf/switch.h"
#include "tests/lib/topology.h"

#define SYN	0x02
#define SYN_ACK 0x12
#define ACK	0x10

static const struct frame_spec tcp = {
	.family = FAMILY_IPV4,
	.saddr = 0x0a010002,
	.daddr = 0x0a010001,
	.proto = IPPROTO_TCP,
	.ttl = 64,
	.dport = 23,
	.tcp_flags = SYN,
};

/* A program of one region that drops in @states, and in @logged with a line. */
static struct loaded *load_logging(enum wire_class class, unsigned int states,
				   unsigned int logged,
				   const struct wire_settings *settings)
{
	static const uint8_t digest[32] = { 1 };
	const struct load_options options = { .is_card = true,
					      .digest = digest };
	const struct flat *flats[WIRE_CLASS_COUNT] = { NULL };
	struct hand hand =
		hand_make(class == WIRE_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4);
	OWN(program) struct program *program = NULL;
	struct loaded *loaded = NULL;
	struct wire_settings own = *settings;
	struct err err = { .text = "" };

	memcpy(own.mac, topology_mac, sizeof(own.mac));
	hand_add(&hand, WORLDS(STAGE_PREROUTING, states | logged));
	hand.flat.regions[0].drop = WORLDS(STAGE_PREROUTING, states);
	hand.flat.regions[0].logged = WORLDS(STAGE_PREROUTING, logged);
	flats[class] = &hand.flat;
	assert_return_code(program_make(flats, &own, &target_card, &program,
					&err),
			   0);
	if (load_program(program, &options, &loaded, &err))
		fail_msg("%s", err.text);
	hand_free(&hand);
	return loaded;
}

static struct loaded *load(enum wire_class class, unsigned int states,
			   const struct wire_settings *settings)
{
	return load_logging(class, states, 0, settings);
}

static bool drops(enum wire_class class, unsigned int states,
		  const struct wire_settings *settings,
		  const struct frame_spec *spec)
{
	OWN(loaded) struct loaded *loaded = load(class, states, settings);

	return hand_drops(loaded, spec);
}

static const struct wire_settings plain = { 0 };

static void it_drops_and_counts(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load(WIRE_IPV4, CT_ALL, &plain);
	uint64_t count = 0;
	struct err err;

	for (int i = 0; i < 3; i++)
		assert_true(hand_drops(loaded, &tcp));
	assert_return_code(load_read_drops(loaded->prog_id, &count, 1, &err),
			   0);
	assert_int_equal(count, 3);
}

#define SENT 4096

static void some_of_what_is_logged_go_up(void **state)
{
	const struct wire_settings sampling = { .log_rate = 1 };
	unsigned int passed = 0;

	(void)state;
	skip_without_root();
	OWN(loaded)
	struct loaded *loaded =
		load_logging(WIRE_IPV4, CT_ALL & ~CT_NEW, CT_NEW, &sampling);
	OWN(loaded)
	struct loaded *silent = load(WIRE_IPV4, CT_ALL, &sampling);

	for (int i = 0; i < SENT; i++) {
		passed += !hand_drops(loaded, &tcp);
		assert_true(hand_drops(silent, &tcp));
	}
	/* 64 are to be expected; fewer than 8 or more than 256 never happen. */
	assert_in_range(passed, SENT / WIRE_CARD_SAMPLES / 8,
			SENT / WIRE_CARD_SAMPLES * 4);
}

static void what_is_logged_goes_up_where_nobody_draws(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded)
	struct loaded *loaded =
		load_logging(WIRE_IPV4, CT_ALL & ~CT_NEW, CT_NEW, &plain);

	for (int i = 0; i < 8; i++)
		assert_false(hand_drops(loaded, &tcp));
}

static void it_is_known_as_ours(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load(WIRE_IPV4, CT_ALL, &plain);
	struct wire_meta meta = { 0 };
	struct err err;

	assert_int_equal(load_is_ours(loaded->prog_id, &meta, &err), 1);
	assert_int_equal(meta.rule_count, 1);
	assert_int_equal(meta.digest[0], 1);
}

static void it_can_be_stopped(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load(WIRE_IPV4, CT_ALL, &plain);
	struct err err;

	assert_return_code(switch_set(loaded->prog_id, true, &err), 0);
	assert_false(hand_drops(loaded, &tcp));
}

static void frames_for_others_pass(void **state)
{
	struct frame_spec spec = tcp;
	uint8_t frame[FRAME_MAX];
	size_t length;

	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load(WIRE_IPV4, CT_ALL, &plain);

	length = frame_write(&spec, frame);
	for (int i = 0; i < 6; i++) {
		/* Not bit 0 of the first byte, which makes it a group. */
		frame[i] ^= 2;
		assert_false(hand_drops_from(loaded, 0, frame, length));
		frame[i] ^= 2;
	}
	assert_true(hand_drops_from(loaded, 0, frame, length));
	spec.pkt_type = PACKET_BROADCAST;
	assert_true(hand_drops(loaded, &spec));
}

static void what_is_cut_off_passes(void **state)
{
	struct frame_spec spec = tcp;
	uint8_t frame[FRAME_MAX];
	size_t length;

	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load(WIRE_IPV4, CT_ALL, &plain);

	spec.length = 100;
	length = frame_write(&spec, frame);
	assert_true(hand_drops_from(loaded, 0, frame, length));
	assert_false(hand_drops_from(loaded, 0, frame, length - 1));
}

#define NOT_ESTABLISHED (CT_ALL & ~CT_ESTABLISHED)
#define NOT_EXPECTED	(NOT_ESTABLISHED & ~CT_RELATED)

static void a_syn_may_be_anything_unless_told_otherwise(void **state)
{
	const struct wire_settings is_new = { .syn_is_new = 1 };
	struct frame_spec spec = tcp;

	(void)state;
	skip_without_root();
	assert_false(drops(WIRE_IPV4, NOT_ESTABLISHED, &plain, &spec));
	assert_true(drops(WIRE_IPV4, NOT_EXPECTED, &is_new, &spec));
	assert_false(drops(WIRE_IPV4, NOT_EXPECTED & ~CT_NEW, &is_new, &spec));
	assert_false(
		drops(WIRE_IPV4, NOT_EXPECTED & ~CT_INVALID, &is_new, &spec));
	spec.tcp_flags = SYN_ACK;
	assert_false(drops(WIRE_IPV4, NOT_ESTABLISHED, &is_new, &spec));
	spec.tcp_flags = ACK;
	assert_false(drops(WIRE_IPV4, NOT_ESTABLISHED, &is_new, &spec));
	/* Flags of a header that is none. */
	spec.proto = IPPROTO_UDP;
	assert_false(drops(WIRE_IPV4, NOT_ESTABLISHED, &is_new, &spec));
}

static void a_syn_may_be_expected(void **state)
{
	const struct wire_settings settings = { .syn_is_new = 1,
						.may_expect = 1 };

	(void)state;
	skip_without_root();
	assert_false(drops(WIRE_IPV4, NOT_EXPECTED, &settings, &tcp));
	assert_true(drops(WIRE_IPV4, NOT_ESTABLISHED, &settings, &tcp));
}

static void an_icmp_error_is_never_new(void **state)
{
	const struct frame_spec error = {
		.family = FAMILY_IPV4,
		.saddr = 0x0a010002,
		.daddr = 0x0a010001,
		.proto = IPPROTO_ICMP,
		.ttl = 64,
		.icmp = ICMP_DEST_UNREACH << 8,
	};
	const unsigned int ever = CT_RELATED | CT_INVALID | CT_UNTRACKED;

	(void)state;
	skip_without_root();
	assert_true(drops(WIRE_IPV4, ever, &plain, &error));
	assert_false(drops(WIRE_IPV4, CT_ALL & ~CT_RELATED, &plain, &error));
}

static void a_fragment_may_be_in_any_state(void **state)
{
	const struct wire_settings settings = { .syn_is_new = 1 };
	struct frame_spec spec = tcp;

	(void)state;
	skip_without_root();
	spec.shape = FRAME_FRAGMENT;
	spec.has_more = true;
	assert_true(drops(WIRE_FRAGMENT, CT_ALL, &settings, &spec));
	assert_false(drops(WIRE_FRAGMENT, NOT_ESTABLISHED, &settings, &spec));
	spec.proto = IPPROTO_ICMP;
	assert_false(drops(WIRE_FRAGMENT, CT_ALL & ~CT_NEW, &settings, &spec));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_drops_and_counts),
		cmocka_unit_test(some_of_what_is_logged_go_up),
		cmocka_unit_test(what_is_logged_goes_up_where_nobody_draws),
		cmocka_unit_test(it_is_known_as_ours),
		cmocka_unit_test(it_can_be_stopped),
		cmocka_unit_test(frames_for_others_pass),
		cmocka_unit_test(what_is_cut_off_passes),
		cmocka_unit_test(a_syn_may_be_anything_unless_told_otherwise),
		cmocka_unit_test(a_syn_may_be_expected),
		cmocka_unit_test(an_icmp_error_is_never_new),
		cmocka_unit_test(a_fragment_may_be_in_any_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

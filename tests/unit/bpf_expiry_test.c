// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/bpf_hand.h"

#include "bpf/expiry.h"

static const struct frame_spec tcp = {
	.family = FAMILY_IPV4,
	.saddr = 0x0a010002,
	.daddr = 0x0a010001,
	.proto = IPPROTO_TCP,
	.ttl = 64,
	.dport = 23,
};

/* Drops TCP, for so long; 0: for good. */
static struct loaded *load_for(unsigned int seconds)
{
	static const uint8_t digest[32] = { 1, 2, 3 };
	const struct load_options options = {
		.digest = digest,
		.expires = seconds,
	};
	struct hand hand = hand_make(FAMILY_IPV4);
	struct loaded *loaded = NULL;
	struct err err = { .text = "" };

	hand_add(&hand, WORLDS_ALL);
	hand_where(&hand, FIELD_PROTO, IPPROTO_TCP, IPPROTO_TCP);
	OWN(program)
	struct program *program =
		hand_program(&hand, WIRE_IPV4, &hand_settings);
	if (load_program(program, &options, &loaded, &err))
		fail_msg("%s", err.text);
	hand_free(&hand);
	return loaded;
}

/* Seconds, or -1 where it does not. */
static int expires_in(const struct loaded *loaded)
{
	unsigned int seconds = 0;
	struct err err;
	int result = expiry_get(loaded->prog_id, &seconds, &err);

	assert_return_code(result, 0);
	return result ? (int)seconds : -1;
}

static void set(const struct loaded *loaded, unsigned int seconds)
{
	struct err err;

	assert_int_equal(expiry_set(loaded->prog_id, seconds, &err), 0);
}

static void it_drops_until_its_time_is_over(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load_for(1);

	assert_true(hand_drops(loaded, &tcp));
	assert_int_equal(expires_in(loaded), 1);
	sleep(1);
	assert_false(hand_drops(loaded, &tcp));
	assert_int_equal(expires_in(loaded), 0);
}

static void what_expired_can_be_had_back(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load_for(1);

	sleep(1);
	assert_false(hand_drops(loaded, &tcp));
	set(loaded, 60);
	assert_true(hand_drops(loaded, &tcp));
	assert_int_equal(expires_in(loaded), 60);
}

static void what_is_confirmed_never_expires(void **state)
{
	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load_for(1);

	set(loaded, 0);
	assert_int_equal(expires_in(loaded), -1);
	sleep(1);
	assert_true(hand_drops(loaded, &tcp));
}

static void others_cannot_expire(void **state)
{
	struct err err;

	(void)state;
	skip_without_root();
	OWN(loaded) struct loaded *loaded = load_for(0);

	assert_true(hand_drops(loaded, &tcp));
	assert_int_equal(expires_in(loaded), -1);
	assert_int_equal(expiry_set(loaded->prog_id, 1, &err), -ENOENT);
	assert_non_null(strstr(err.text, "was not attached to be confirmed"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_drops_until_its_time_is_over),
		cmocka_unit_test(what_expired_can_be_had_back),
		cmocka_unit_test(what_is_confirmed_never_expires),
		cmocka_unit_test(others_cannot_expire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

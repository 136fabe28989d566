// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fallback/proof.h"

/* A device at one moment: each pause is one step of time. */
struct device {
	unsigned int time;
	unsigned int packets_every; /* steps between packets, 0: none come */
	unsigned int packets_until; /* then no more; 0: for ever */
	unsigned int runs_from;	    /* the step from which it runs, 0: never */
	unsigned int counts_every;  /* the counter lags behind: steps */
	int failure;		    /* of the counter of runs */
};

static uint64_t packets_at(const struct device *device, unsigned int time)
{
	if (device->packets_until && time > device->packets_until)
		time = device->packets_until;
	return device->packets_every ? time / device->packets_every : 0;
}

static int received(void *context, uint64_t *out)
{
	const struct device *device = context;
	unsigned int lag =
		device->counts_every ? device->time % device->counts_every : 0;

	*out = 1000 + packets_at(device, device->time - lag);
	return 0;
}

static int runs(void *context, uint64_t *out)
{
	const struct device *device = context;
	bool is_running =
		device->runs_from && device->time >= device->runs_from;

	*out = is_running ? packets_at(device, device->time) -
				    packets_at(device, device->runs_from - 1)
			  : 0;
	return device->failure;
}

static void pause_one(void *context)
{
	struct device *device = context;

	device->time++;
}

static enum proof judge(struct device *device)
{
	const struct proof_source source = { received, runs, pause_one,
					     device };

	return proof_judge(&source);
}

static void a_program_that_runs_is_believed_at_once(void **state)
{
	struct device device = { .time = 7,
				 .packets_every = 1,
				 .runs_from = 7 };

	(void)state;
	assert_int_equal(judge(&device), PROOF_RUNS);
	assert_in_range(device.time, 7, 8);
}

static void a_driver_that_says_yes_and_filters_nothing_is_caught(void **state)
{
	struct device busy = { .packets_every = 1 };
	struct device slow = { .packets_every = 4 };

	(void)state;
	assert_int_equal(judge(&busy), PROOF_SILENT);
	assert_int_equal(judge(&slow), PROOF_SILENT);
}

static void a_quiet_link_proves_nothing(void **state)
{
	struct device device = { 0 };

	(void)state;
	assert_int_equal(judge(&device), PROOF_NONE);
	assert_in_range(device.time, 1, 5);
}

static void a_counter_that_lags_behind_accuses_nobody(void **state)
{
	/* What came in before the program was there is told afterwards. */
	struct device device = { .time = 50,
				 .packets_every = 1,
				 .packets_until = 49,
				 .counts_every = 30 };

	(void)state;
	assert_int_equal(judge(&device), PROOF_NONE);
}

static void a_late_start_is_a_start(void **state)
{
	struct device device = { .packets_every = 2, .runs_from = 7 };

	(void)state;
	assert_int_equal(judge(&device), PROOF_RUNS);
}

static void a_kernel_that_does_not_count_accuses_nobody(void **state)
{
	struct device device = { .packets_every = 1, .failure = -EPERM };

	(void)state;
	assert_int_equal(judge(&device), PROOF_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_that_runs_is_believed_at_once),
		cmocka_unit_test(
			a_driver_that_says_yes_and_filters_nothing_is_caught),
		cmocka_unit_test(a_quiet_link_proves_nothing),
		cmocka_unit_test(a_counter_that_lags_behind_accuses_nobody),
		cmocka_unit_test(a_late_start_is_a_start),
		cmocka_unit_test(a_kernel_that_does_not_count_accuses_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

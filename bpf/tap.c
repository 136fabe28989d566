// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>

#include "base/clock.h"
#include "bpf/load.h"
#include "bpf/refusal.h"
#include "bpf/tap.h"

#define LEASE_NS UINT64_C(2000000000)

struct tap {
	int switch_fd;
	struct ring_buffer *ring;
	uint32_t every;
	/* Of the read that is going on. */
	int (*see)(const struct wire_sample *sample, void *context);
	void *context;
	int result; /* what @see returned at last */
};

static int put(struct tap *tap, const struct wire_tap *value)
{
	const uint32_t first = 0;

	return bpf_map_update_elem(tap->switch_fd, &first, value, BPF_ANY);
}

/* Open for the next two seconds. */
static int hold(struct tap *tap)
{
	const struct wire_tap value = {
		.until = clock_ns() + LEASE_NS,
		.every = tap->every,
		.reader = (uint32_t)getpid(),
	};

	return put(tap, &value);
}

void tap_free(struct tap *tap)
{
	const struct wire_tap closed = { 0 };

	if (!tap)
		return;
	if (tap->ring)
		put(tap, &closed);
	ring_buffer__free(tap->ring);
	if (tap->switch_fd >= 0)
		close(tap->switch_fd);
	free(tap);
}

static int pass_on(void *context, void *data, size_t size)
{
	struct tap *tap = context;

	if (size < sizeof(struct wire_sample))
		return 0;
	tap->result = tap->see(data, tap->context);
	return tap->result ? -ECANCELED : 0;
}

/* Does another process read now? */
static int refuse_second(const struct tap *tap, struct err *err)
{
	const uint32_t first = 0;
	struct wire_tap found;

	if (bpf_map_lookup_elem(tap->switch_fd, &first, &found) < 0)
		return err_system(err, errno,
				  "the tap of the program cannot be read");
	if (found.until <= clock_ns())
		return 0;
	return err_set(err, ERR_SYSTEM, EBUSY,
		       "process %u reads these samples; two readers would take "
		       "them from each other",
		       found.reader);
}

static int find(uint32_t prog_id, struct tap *tap, int *samples,
		struct err *err)
{
	OWN_FD int prog_fd = load_prog_fd(prog_id, err);
	uint32_t size;

	if (prog_fd < 0)
		return prog_fd;
	int result = load_find_map(prog_fd, WIRE_TAP_NAME, BPF_MAP_TYPE_ARRAY,
				   sizeof(struct wire_tap), &size);
	if (result >= 0) {
		tap->switch_fd = result;
		result = load_find_map(prog_fd, WIRE_SAMPLES_NAME,
				       BPF_MAP_TYPE_RINGBUF, 0, &size);
	}
	if (result == -ENOENT)
		return err_system(err, ENOENT,
				  "program %u takes no samples: on a card "
				  "none does, and one of an older version "
				  "does when it is applied again",
				  prog_id);
	if (result < 0)
		return refusal_set(
			err, -result,
			"the kernel does not show the samples of the "
			"program",
			"");
	*samples = result;
	return 0;
}

int tap_open(uint32_t prog_id, uint32_t every, struct tap **out,
	     struct err *err)
{
	OWN(tap) struct tap *tap = calloc(1, sizeof(*tap));
	OWN_FD int samples = -1;

	if (!tap)
		return err_no_memory(err);
	tap->switch_fd = -1;
	tap->every = every;

	int result = find(prog_id, tap, &samples, err);
	if (result == 0)
		result = refuse_second(tap, err);
	if (result < 0)
		return result;
	tap->ring = ring_buffer__new(samples, pass_on, tap, NULL);
	if (!tap->ring)
		return err_system(err, errno,
				  "the samples of program %u cannot be mapped",
				  prog_id);
	*out = take(tap);
	return 0;
}

int tap_read(struct tap *tap, int wait_ms,
	     int (*see)(const struct wire_sample *sample, void *context),
	     void *context, struct err *err)
{
	if (hold(tap) < 0)
		return err_system(err, errno, "the tap cannot be opened");
	tap->see = see;
	tap->context = context;
	tap->result = 0;

	int result = ring_buffer__poll(tap->ring, wait_ms);
	if (tap->result)
		return tap->result;
	if (result < 0 && result != -EINTR)
		return err_system(err, -result, "the samples cannot be read");
	return 0;
}

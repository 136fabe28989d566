// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <time.h>

#include "bpf/tap.h"
#include "cli/attached.h"
#include "cli/command.h"
#include "cli/packet_text.h"
#include "cli/pcap_out.h"
#include "cli/say.h"

#define NSEC_PER_SEC UINT64_C(1000000000)
#define LENGTH_MAX   (64 * 1024 + 64) /* of any frame */
#define WAIT_MS	     200

/* What is known about one interface's samples while they come. */
struct sampling {
	const struct options *options;
	const struct report_attached *attached;
	uint64_t clock; /* what kernel times lack to be those of the calendar */
	uint64_t begin; /* older ones were for another reader */
	unsigned int count;
	struct pcap_out *pcap; /* NULL: no capture is wanted */
	bool is_silent;	       /* standard output has the capture */
	uint8_t frame[LENGTH_MAX];
	struct err *err;
};

static void sampling_free(struct sampling *sampling)
{
	if (!sampling)
		return;
	pcap_out_free(sampling->pcap);
	free(sampling);
}
OWN_DEFINE(sampling)

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/* What is cut off reads as 0. */
static void add_packet(struct buf *buf, struct sampling *sampling,
		       const struct wire_sample *sample)
{
	size_t length =
		sample->length < LENGTH_MAX ? sample->length : LENGTH_MAX;
	struct packet packet;

	memset(sampling->frame, 0, length);
	memcpy(sampling->frame, sample->frame, sample->captured);
	if (packet_from_frame(&packet, sampling->frame, length, NULL))
		packet_text_print(buf, &packet);
	else
		buf_add(buf, "?");
}

static int tell(struct sampling *sampling, const struct wire_sample *sample,
		uint64_t when)
{
	const struct report_attached *attached = sampling->attached;
	const struct record *record = attached->record;
	struct report_style style = say_style();
	OWN_BUF struct buf packet = BUF_INIT;
	OWN_BUF struct buf buf = BUF_INIT;

	add_packet(&packet, sampling, sample);
	const struct report_sample report = {
		.iface = attached->iface,
		.when = when,
		.is_shadow = attached->is_shadow,
		.packet = buf_text(&packet),
		.length = sample->length,
		.stage = sample->stage,
		.states = sample->states,
		.rule = sample->rule,
		.counter = record && sample->rule < record->counter_count
				   ? &record->counters[sample->rule]
				   : NULL,
	};
	say_format(sampling->options)->sample(&buf, &style, &report);
	buf.has_failed |= packet.has_failed;
	return say_report(&buf, sampling->err);
}

/* 1: that was the last one wanted. */
static int see(const struct wire_sample *sample, void *context)
{
	struct sampling *sampling = context;
	uint64_t when = sample->when + sampling->clock;
	int result = 0;

	if (sample->when < sampling->begin ||
	    sample->captured > WIRE_SAMPLE_MAX)
		return 0;
	if (sampling->pcap)
		result = pcap_out_add(sampling->pcap, when, sample->frame,
				      sample->captured, sample->length,
				      sampling->err);
	if (result == 0 && !sampling->is_silent)
		result = tell(sampling, sample, when);
	if (result < 0)
		return result;
	sampling->count++;
	return sampling->options->limit &&
	       sampling->count >= sampling->options->limit;
}

static int sampling_make(const struct options *options,
			 const struct attached *attached, struct sampling **out,
			 struct err *err)
{
	OWN(sampling) struct sampling *sampling = calloc(1, sizeof(*sampling));

	if (!sampling)
		return err_no_memory(err);
	sampling->options = options;
	sampling->attached = &attached->reports[0];
	sampling->begin = nanoseconds(CLOCK_MONOTONIC);
	sampling->clock = nanoseconds(CLOCK_REALTIME) - sampling->begin;
	sampling->err = err;
	if (options->pcap) {
		int result = pcap_out_open(options->pcap, WIRE_SAMPLE_MAX,
					   &sampling->pcap, err);

		if (result < 0)
			return result;
		sampling->is_silent = !strcmp(options->pcap, "-");
	}
	*out = take(sampling);
	return 0;
}

static int check_sample(const struct options *options, struct err *err)
{
	if (!options->json || !options->pcap || strcmp(options->pcap, "-"))
		return 0;
	return err_set(err, ERR_USAGE, EINVAL,
		       "--json and --pcap - would both write to standard "
		       "output: give --pcap FILE");
}

int cmd_sample(const struct options *options, struct err *err)
{
	OWN(attached) struct attached *attached = NULL;
	OWN(sampling) struct sampling *sampling = NULL;
	OWN(tap) struct tap *tap = NULL;
	const char *iface = options->args[0];
	int result = check_sample(options, err);

	if (result == 0)
		result = attached_make(iface, &attached, err);
	if (result < 0)
		return result;
	if (!attached->count)
		return err_set(err, ERR_SYSTEM, 0,
			       "no program of wirewall is attached to %s",
			       iface);
	result = tap_open(attached->reports[0].prog_id, options->every, &tap,
			  err);
	if (result == 0)
		result = sampling_make(options, attached, &sampling, err);
	while (result == 0)
		result = tap_read(tap, WAIT_MS, see, sampling, err);
	return result < 0 ? result : 0;
}

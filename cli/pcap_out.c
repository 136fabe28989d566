// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pcap/pcap.h>

#include "cli/pcap_out.h"

#define NSEC_PER_SEC UINT64_C(1000000000)

struct pcap_out {
	pcap_t *pcap;
	pcap_dumper_t *dumper;
};

int pcap_out_open(const char *path, unsigned int captured_max,
		  struct pcap_out **out, struct err *err)
{
	OWN(pcap_out) struct pcap_out *pcap = calloc(1, sizeof(*pcap));

	if (!pcap)
		return err_no_memory(err);
	pcap->pcap = pcap_open_dead(DLT_EN10MB, (int)captured_max);
	if (!pcap->pcap)
		return err_no_memory(err);
	pcap->dumper = pcap_dump_open(pcap->pcap, path);
	if (!pcap->dumper)
		return err_set(err, ERR_SYSTEM, 0,
			       "cannot write the capture: %s",
			       pcap_geterr(pcap->pcap));
	*out = take(pcap);
	return 0;
}

int pcap_out_add(struct pcap_out *pcap, uint64_t when, const uint8_t *frame,
		 unsigned int captured, unsigned int length, struct err *err)
{
	const struct pcap_pkthdr header = {
		.ts = { .tv_sec = (time_t)(when / NSEC_PER_SEC),
			.tv_usec = (long)(when % NSEC_PER_SEC / 1000) },
		.caplen = captured,
		.len = length,
	};

	pcap_dump((u_char *)pcap->dumper, &header, frame);
	if (pcap_dump_flush(pcap->dumper) == 0)
		return 0;
	return err_system(err, errno, "cannot write the capture");
}

void pcap_out_free(struct pcap_out *pcap)
{
	if (!pcap)
		return;
	if (pcap->dumper)
		pcap_dump_close(pcap->dumper);
	if (pcap->pcap)
		pcap_close(pcap->pcap);
	free(pcap);
}

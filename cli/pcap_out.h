/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Writing a capture: Ethernet frames, as tcpdump and wireshark read them. */
#include <stdint.h>

#include "base/err.h"
#include "base/own.h"

struct pcap_out;

/* @path "-": standard output. @captured_max: bytes of a frame that are kept. */
int pcap_out_open(const char *path, unsigned int captured_max,
		  struct pcap_out **out, struct err *err);
/*
 * One frame of @length bytes, of which the first @captured are at @frame; @when
 * in nanoseconds since 1970. Written at once: who reads a pipe sees it.
 */
int pcap_out_add(struct pcap_out *pcap, uint64_t when, const uint8_t *frame,
		 unsigned int captured, unsigned int length, struct err *err);
void pcap_out_free(struct pcap_out *pcap);
OWN_DEFINE(pcap_out)

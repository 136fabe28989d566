/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* Packets of a capture file, as netfilter would have met them. */
#include "base/err.h"
#include "base/own.h"
#include "rules/packet.h"

struct pcap_file;

/*
 * Open a pcap or pcapng file of Ethernet frames or raw IP packets; "-" is
 * stdin. ERR_INPUT for anything else.
 */
int pcap_file_open(const char *path, struct pcap_file **out, struct err *err);
void pcap_file_free(struct pcap_file *file);
OWN_DEFINE(pcap_file)

/*
 * The next packet, which lives until the next call. Returns 1; 0 at the end of
 * the file; -EINVAL for a broken file. *@is_ip: *@out was filled; false for
 * frames that netfilter would not see.
 */
int pcap_file_next(struct pcap_file *file, struct packet *out, bool *is_ip,
		   struct err *err);

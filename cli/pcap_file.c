// SPDX-License-Identifier: GPL-2.0-only
#include <pcap/pcap.h>
#include <string.h>

#include "cli/pcap_file.h"

#define ETH_LENGTH 14
/*
 * A capture that cuts packets off is good enough when the headers are there:
 * Ethernet, the longest IPv4 header, and a TCP header without options.
 */
#define CAPTURE_MIN (ETH_LENGTH + 60 + 20)
#define FRAME_MAX   (256 * 1024)

struct pcap_file {
	pcap_t *pcap;
	int link_type;
	size_t number; /* packets read */
	uint8_t frame[FRAME_MAX];
};

/* The words are libpcap's, which name some files and not others. */
static int cannot_open(const char *path, const char *words, struct err *err)
{
	size_t length = strlen(path);

	if (!strncmp(words, path, length) && !strncmp(words + length, ": ", 2))
		words += length + 2;
	return err_input(err, "cannot read the capture %s: %s", path, words);
}

int pcap_file_open(const char *path, struct pcap_file **out, struct err *err)
{
	OWN(pcap_file) struct pcap_file *file = calloc(1, sizeof(*file));
	char text[PCAP_ERRBUF_SIZE] = "";

	if (!file)
		return err_no_memory(err);
	file->pcap = pcap_open_offline(path, text);
	if (!file->pcap)
		return cannot_open(path, text, err);
	file->link_type = pcap_datalink(file->pcap);
	if (file->link_type != DLT_EN10MB && file->link_type != DLT_RAW)
		return err_input(err,
				 "%s: the capture's link type is %d, expected "
				 "Ethernet (1) or raw IP (%d)",
				 path, file->link_type, DLT_RAW);
	*out = take(file);
	return 0;
}

void pcap_file_free(struct pcap_file *file)
{
	if (!file)
		return;
	if (file->pcap)
		pcap_close(file->pcap);
	free(file);
}

/* A frame around raw IP: zero addresses, and the protocol of its version. */
static size_t put_ethernet(struct pcap_file *file, const uint8_t *data,
			   size_t captured)
{
	bool is_ipv6 = captured && data[0] >> 4 == 6;

	if (file->link_type != DLT_RAW)
		return 0;
	memset(file->frame, 0, ETH_LENGTH);
	file->frame[12] = is_ipv6 ? 0x86 : 0x08;
	file->frame[13] = is_ipv6 ? 0xdd : 0x00;
	return ETH_LENGTH;
}

int pcap_file_next(struct pcap_file *file, struct packet *out, bool *is_ip,
		   struct err *err)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	int result = pcap_next_ex(file->pcap, &header, &data);

	if (result == PCAP_ERROR_BREAK)
		return 0;
	file->number++;
	if (result != 1)
		return err_input(err,
				 "the capture breaks off at packet %zu: "
				 "%s",
				 file->number, pcap_geterr(file->pcap));

	size_t front = put_ethernet(file, data, header->caplen);
	size_t length = front + header->len;
	size_t captured = front + header->caplen;
	if (captured < length && captured < CAPTURE_MIN)
		return err_input(err,
				 "packet %zu was captured only up to byte %u "
				 "of %u: capture more of each packet",
				 file->number, header->caplen, header->len);
	if (captured > length || length > sizeof(file->frame))
		return err_input(err,
				 "packet %zu says it is %u bytes long, "
				 "more than any packet",
				 file->number, header->len);
	memcpy(file->frame + front, data, header->caplen);
	memset(file->frame + captured, 0, length - captured);
	*is_ip = packet_from_frame(out, file->frame, length, NULL);
	return 1;
}

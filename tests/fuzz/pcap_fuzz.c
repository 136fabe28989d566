// SPDX-License-Identifier: GPL-2.0-only
/*
 * Captures that anybody made, and the packets in them: whatever comes out can
 * be put in words.
 */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/packet_text.h"
#include "cli/pcap_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OWN(pcap_file) struct pcap_file *file = NULL;
	OWN_FD int fd = memfd_create("capture", MFD_CLOEXEC);
	struct packet packet;
	char path[32];
	struct err err;
	bool is_ip;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
	    pcap_file_open(path, &file, &err) < 0)
		return 0;
	while (pcap_file_next(file, &packet, &is_ip, &err) == 1) {
		OWN_BUF struct buf text = BUF_INIT;

		if (is_ip)
			packet_text_print(&text, &packet);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "cli/packet_text.h"
#include "cli/pcap_file.h"

#define ETH_LENGTH 14

/* A capture in memory, and the path that opens it. */
struct capture {
	int fd;
	char path[64];
	pcap_t *pcap;
	pcap_dumper_t *dumper;
};

static struct capture capture_make(int link_type)
{
	struct capture capture = { .fd = memfd_create("capture", 0) };

	assert_true(capture.fd >= 0);
	snprintf(capture.path, sizeof(capture.path), "/proc/self/fd/%d",
		 capture.fd);
	capture.pcap = pcap_open_dead(link_type, 65535);
	capture.dumper = pcap_dump_open(capture.pcap, capture.path);
	assert_non_null(capture.dumper);
	pcap_dump_flush(capture.dumper);
	return capture;
}

static void capture_add(struct capture *capture, const uint8_t *bytes,
			uint32_t captured, uint32_t length)
{
	struct pcap_pkthdr header = { .caplen = captured, .len = length };

	pcap_dump((u_char *)capture->dumper, &header, bytes);
	pcap_dump_flush(capture->dumper);
}

static void capture_release(struct capture *capture)
{
	pcap_dump_close(capture->dumper);
	pcap_close(capture->pcap);
	close(capture->fd);
}

static struct packet_bytes *packet_make(const char *text)
{
	struct packet_bytes *bytes = NULL;
	unsigned int states;
	struct err err;

	assert_int_equal(packet_text_parse(text, &bytes, &states, &err), 0);
	return bytes;
}

static void assert_next(struct pcap_file *file, const char *text)
{
	OWN_BUF struct buf buf = BUF_INIT;
	struct packet packet;
	struct err err = { 0 };
	bool is_ip;

	assert_int_equal(pcap_file_next(file, &packet, &is_ip, &err), 1);
	assert_true(is_ip);
	packet_text_print(&buf, &packet);
	assert_string_equal(buf_text(&buf), text);
}

static const char syn[] = "tcp 1.2.3.4:55 > 5.6.7.8:22 syn";
static const char syn6[] = "tcp [::1]:55 > [::2]:22 syn";

static void raw_packets_of_both_families_are_read(void **state)
{
	struct capture capture = capture_make(DLT_RAW);
	OWN_MEM struct packet_bytes *ipv4 = packet_make(syn);
	OWN_MEM struct packet_bytes *ipv6 = packet_make(syn6);
	OWN(pcap_file) struct pcap_file *file = NULL;
	struct packet packet;
	struct err err = { 0 };
	bool is_ip;

	(void)state;
	capture_add(&capture, ipv4->bytes, ipv4->packet.length,
		    ipv4->packet.length);
	capture_add(&capture, ipv6->bytes, ipv6->packet.length,
		    ipv6->packet.length);
	assert_int_equal(pcap_file_open(capture.path, &file, &err), 0);
	assert_next(file, syn);
	assert_next(file, syn6);
	assert_int_equal(pcap_file_next(file, &packet, &is_ip, &err), 0);
	capture_release(&capture);
}

static void ethernet_tells_the_link_layer(void **state)
{
	static const uint8_t ethernet[ETH_LENGTH] = {
		255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 10, 8, 0,
	};
	struct capture capture = capture_make(DLT_EN10MB);
	OWN_MEM struct packet_bytes *ipv4 = packet_make(syn);
	OWN(pcap_file) struct pcap_file *file = NULL;
	uint8_t frame[256] = { 0 };
	struct err err = { 0 };

	(void)state;
	memcpy(frame, ethernet, ETH_LENGTH);
	memcpy(frame + ETH_LENGTH, ipv4->bytes, ipv4->packet.length);
	capture_add(&capture, frame, 60, 60); /* padded as on the wire */
	assert_int_equal(pcap_file_open(capture.path, &file, &err), 0);
	assert_next(file, "tcp 1.2.3.4:55 > 5.6.7.8:22 syn "
			  "mac 02:00:00:00:00:0a broadcast");
	capture_release(&capture);
}

static void a_frame_without_ip_is_none_of_ours(void **state)
{
	static const uint8_t arp[60] = { [12] = 8, [13] = 6 };
	struct capture capture = capture_make(DLT_EN10MB);
	OWN(pcap_file) struct pcap_file *file = NULL;
	struct packet packet;
	struct err err = { 0 };
	bool is_ip = true;

	(void)state;
	capture_add(&capture, arp, sizeof(arp), sizeof(arp));
	assert_int_equal(pcap_file_open(capture.path, &file, &err), 0);
	assert_int_equal(pcap_file_next(file, &packet, &is_ip, &err), 1);
	assert_false(is_ip);
	capture_release(&capture);
}

static void packets_may_be_cut_off_behind_their_headers(void **state)
{
	struct capture capture = capture_make(DLT_RAW);
	OWN_MEM struct packet_bytes *ipv4 =
		packet_make("tcp 1.2.3.4:55 > 5.6.7.8:22 ack len 1500");
	OWN(pcap_file) struct pcap_file *file = NULL;
	struct packet packet;
	struct err err = { 0 };
	bool is_ip;

	(void)state;
	capture_add(&capture, ipv4->bytes, 96, 1500);
	capture_add(&capture, ipv4->bytes, 40, 1500);
	assert_int_equal(pcap_file_open(capture.path, &file, &err), 0);
	assert_next(file, "tcp 1.2.3.4:55 > 5.6.7.8:22 ack len 1500");
	assert_int_equal(pcap_file_next(file, &packet, &is_ip, &err), -EINVAL);
	assert_string_equal(err.text,
			    "packet 2 was captured only up to byte 40 of 1500: "
			    "capture more of each packet");
	capture_release(&capture);
}

static void other_link_types_are_refused(void **state)
{
	struct capture capture = capture_make(DLT_IEEE802_11);
	struct pcap_file *file = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(pcap_file_open(capture.path, &file, &err), -EINVAL);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "link type is 105"));
	assert_null(file);
	capture_release(&capture);
}

static void what_is_no_capture_is_refused(void **state)
{
	struct pcap_file *file = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(pcap_file_open("/nonexistent", &file, &err), -EINVAL);
	assert_non_null(strstr(err.text, "/nonexistent"));
	assert_int_equal(pcap_file_open("/dev/null", &file, &err), -EINVAL);
	assert_int_equal(err.kind, ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw_packets_of_both_families_are_read),
		cmocka_unit_test(ethernet_tells_the_link_layer),
		cmocka_unit_test(a_frame_without_ip_is_none_of_ours),
		cmocka_unit_test(packets_may_be_cut_off_behind_their_headers),
		cmocka_unit_test(other_link_types_are_refused),
		cmocka_unit_test(what_is_no_capture_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

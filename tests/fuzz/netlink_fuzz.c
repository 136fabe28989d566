// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of a kernel that answers anything (answers.h), to whatever of net/ the
 * first byte of the input chooses.
 */
#include <stdint.h>

#include "base/num.h"
#include "base/own.h"
#include "net/facts.h"
#include "net/ipset_mark.h"
#include "net/link.h"
#include "net/locals.h"
#include "net/nft.h"
#include "net/nic.h"
#include "net/notices.h"
#include "net/rules_mark.h"
#include "tests/fuzz/answers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct link lo = { .name = "lo", .ifindex = 1 };

static void ask_link(void)
{
	struct link link;
	struct err err;

	link_get("lo", &link, &err);
}

static void ask_upper(void)
{
	struct link link;
	struct err err;

	link_find_upper(&lo, &link, &err);
}

static void ask_links(void)
{
	OWN_MEM struct link *links = NULL;
	size_t count;
	struct err err;

	link_list(&links, &count, &err);
}

static void ask_received(void)
{
	uint64_t packets;

	link_count_received(1, &packets);
}

static void ask_locals(void)
{
	static struct locals locals;

	locals_read(&locals);
}

static void ask_nic(void)
{
	OWN(nic) struct nic *nic = NULL;
	struct err err;

	nic_read("lo", &nic, &err);
}

static void ask_nft(void)
{
	static struct host_facts facts;
	struct facts_memory nothing = { 0 };

	nft_read(&nothing, &facts);
}

static void ask_rules(void)
{
	struct rules_mark mark;

	rules_mark_read(&mark);
}

static void ask_sets(void)
{
	ipset_mark_read();
}

static void ask_facts(void)
{
	static struct host_facts facts;

	facts_read("lo", &facts);
}

static void ask_notices(void)
{
	OWN(notices) struct notices *notices = NULL;
	struct err err;

	if (notices_open(&notices, &err) == 0)
		notices_read(notices);
}

static void (*const questions[])(void) = {
	ask_link, ask_upper, ask_links, ask_received, ask_locals,  ask_nic,
	ask_nft,  ask_rules, ask_sets,	ask_facts,    ask_notices,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	answers_begin(data + 1, size - 1);
	questions[data[0] % ARRAY_SIZE(questions)]();
	return 0;
}

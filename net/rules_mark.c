// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h> /* before linux/netfilter.h, which has its own */
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/num.h"
#include "base/own.h"
#include "net/hash.h"
#include "net/ipset_mark.h"
#include "net/nft.h"
#include "net/rules_mark.h"

#define TRIES 4 /* while a table grows between two questions */

/*
 * The two families differ in numbers and in the size of an address, not in how
 * they answer: struct ipt_entry and struct ip6t_entry are for each other what
 * struct ipt_get_entries and struct ip6t_get_entries are.
 */
struct family {
	int domain, level, get_info, get_entries;
	const char *names;
	/* In an entry: what counts packets, and how far the next one is. */
	size_t counters, next_offset, head_size;
};

static const struct family families[] = {
	{ AF_INET, IPPROTO_IP, IPT_SO_GET_INFO, IPT_SO_GET_ENTRIES,
	  "/proc/net/ip_tables_names", offsetof(struct ipt_entry, counters),
	  offsetof(struct ipt_entry, next_offset), sizeof(struct ipt_entry) },
	{ AF_INET6, IPPROTO_IPV6, IP6T_SO_GET_INFO, IP6T_SO_GET_ENTRIES,
	  "/proc/net/ip6_tables_names", offsetof(struct ip6t_entry, counters),
	  offsetof(struct ip6t_entry, next_offset), sizeof(struct ip6t_entry) },
};
/* One layout serves both families' questions. */
_Static_assert(sizeof(struct ipt_getinfo) == sizeof(struct ip6t_getinfo), "");
_Static_assert(sizeof(struct ipt_get_entries) ==
		       sizeof(struct ip6t_get_entries),
	       "");

static uint64_t hash_entries(const struct family *family, uint64_t sum,
			     const char *entries, size_t size)
{
	size_t counters_end = family->counters + sizeof(struct xt_counters);

	for (size_t at = 0; at + family->head_size <= size;) {
		const char *entry = entries + at;
		uint16_t next;

		memcpy(&next, entry + family->next_offset, sizeof(next));
		if (next < family->head_size || next > size - at)
			break;
		sum = hash_add(sum, entry, family->counters);
		sum = hash_add(sum, entry + counters_end, next - counters_end);
		at += next;
	}
	return sum;
}

/* Returns 1 when the table has changed its size meanwhile. */
static int hash_once(const struct family *family, int fd, const char *name,
		     uint64_t *sum)
{
	struct ipt_getinfo info = { 0 };
	socklen_t size = sizeof(info);

	snprintf(info.name, sizeof(info.name), "%.31s", name);
	if (getsockopt(fd, family->level, family->get_info, &info, &size) < 0)
		return -errno;
	size = sizeof(struct ipt_get_entries) + info.size;
	OWN_MEM struct ipt_get_entries *table = calloc(1, size);
	if (!table)
		return -ENOMEM;
	memcpy(table->name, info.name, sizeof(table->name));
	table->size = info.size;
	if (getsockopt(fd, family->level, family->get_entries, table, &size) <
	    0)
		return errno == EAGAIN ? 1 : -errno;
	*sum = hash_add(*sum, info.name, sizeof(info.name));
	*sum = hash_add(*sum, info.hook_entry, sizeof(info.hook_entry));
	*sum = hash_entries(family, *sum, (const char *)table->entrytable,
			    info.size);
	return 0;
}

/* Only tables that are there: asking for others would make them. */
static uint64_t hash_family(const struct family *family, uint64_t sum)
{
	OWN_FILE FILE *names = fopen(family->names, "re");
	OWN_FD int fd = -1;
	char name[XT_TABLE_MAXNAMELEN + 2];

	if (!names)
		return sum;
	fd = socket(family->domain, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	while (fd >= 0 && fgets(name, sizeof(name), names)) {
		int result = 1;

		name[strcspn(name, "\n")] = '\0';
		for (int i = 0; i < TRIES && result == 1; i++)
			result = hash_once(family, fd, name, &sum);
	}
	return sum;
}

void rules_mark_read(struct rules_mark *out)
{
	out->generation = nft_generation();
	out->legacy = HASH_BEGIN;
	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		out->legacy = hash_family(&families[i], out->legacy);
	out->sets = ipset_mark_read();
}

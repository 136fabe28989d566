// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h> /* before linux/netfilter.h, which has its own */
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/own.h"
#include "net/facts.h"
#include "net/netlink.h"

/*
 * What several sources say about one fact: one yes decides, otherwise one
 * that cannot be read makes it unknown.
 */
static void say(struct fact *fact, bool is_known, bool value,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

static void say(struct fact *fact, bool is_known, bool value,
		const char *format, ...)
{
	bool is_yes = is_known && value;
	bool was_yes = fact->is_known && fact->value;
	va_list args;

	if (was_yes || (!is_yes && !fact->is_known))
		return;
	fact->is_known = is_known;
	fact->value = value || !is_known;
	va_start(args, format);
	vsnprintf(fact->text, sizeof(fact->text), format, args);
	va_end(args);
}

static const struct {
	const char *path;
	const char *family;
} legacy[2] = {
	{ "/proc/net/ip_tables_names", "IPv4" },
	{ "/proc/net/ip6_tables_names", "IPv6" },
};

static bool has_line(FILE *file, const char *wanted)
{
	char line[64];

	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, wanted) == 0)
			return true;
	}
	return false;
}

/*
 * The file lists the tables of this network namespace, also empty ones. It is
 * there once the legacy iptables of a family is in the kernel, so that only
 * ENOENT below a readable /proc/net means that there are none.
 */
static void read_legacy_nat(struct fact *fact, size_t family)
{
	const char *path = legacy[family].path;
	OWN_FILE FILE *file = fopen(path, "re");

	if (!file && errno == ENOENT && access("/proc/net", X_OK) == 0)
		return;
	if (!file)
		say(fact, false, true, "%s cannot be read (%s)", path,
		    strerror(errno));
	else if (has_line(file, "nat"))
		say(fact, true, true, "%s lists a table nat", path);
	else if (ferror(file))
		say(fact, false, true, "%s cannot be read to its end", path);
}

/* Tables and chains of nftables, one callback each. */
static int visit_table(struct nlmsghdr *answer, void *context)
{
	static const char *const own[] = { "raw", "mangle", "nat", "filter",
					   "security" };
	const struct nfgenmsg *header = nlmsg_data(answer);
	struct host_facts *facts = context;
	struct nlattr *attr =
		nlmsg_find_attr(answer, sizeof(*header), NFTA_TABLE_NAME);

	if (!attr)
		return -EBADMSG;
	const char *name = nla_get_string(attr);
	bool is_inet = header->nfgen_family == NFPROTO_INET;
	bool is_netdev = header->nfgen_family == NFPROTO_NETDEV;
	bool is_ipv4 = header->nfgen_family == NFPROTO_IPV4;
	bool is_ipv6 = header->nfgen_family == NFPROTO_IPV6;
	bool is_own = false;

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		is_own |= strcmp(name, own[i]) == 0;
	if (is_inet || is_netdev || ((is_ipv4 || is_ipv6) && !is_own))
		say(&facts->has_foreign_nft, true, true,
		    "nftables has the table %s %.64s",
		    is_inet	? "inet"
		    : is_netdev ? "netdev"
		    : is_ipv4	? "ip"
				: "ip6",
		    name);
	return 0;
}

/* Only base chains have a type, so that the type alone tells a nat hook. */
static int visit_chain(struct nlmsghdr *answer, void *context)
{
	const struct nfgenmsg *header = nlmsg_data(answer);
	struct nlattr *attrs[NFTA_CHAIN_MAX + 1];
	struct host_facts *facts = context;

	if (nlmsg_parse(answer, sizeof(*header), attrs, NFTA_CHAIN_MAX, NULL) <
		    0 ||
	    !attrs[NFTA_CHAIN_TABLE] || !attrs[NFTA_CHAIN_NAME])
		return -EBADMSG;
	if (!attrs[NFTA_CHAIN_TYPE] ||
	    nla_strcmp(attrs[NFTA_CHAIN_TYPE], "nat") != 0)
		return 0;

	bool is_inet = header->nfgen_family == NFPROTO_INET;
	const bool has[2] = {
		is_inet || header->nfgen_family == NFPROTO_IPV4,
		is_inet || header->nfgen_family == NFPROTO_IPV6,
	};
	for (size_t i = 0; i < ARRAY_SIZE(has); i++) {
		if (has[i])
			say(&facts->has_nat[i], true, true,
			    "nftables has the nat chain %.64s in the table "
			    "%.64s",
			    nla_get_string(attrs[NFTA_CHAIN_NAME]),
			    nla_get_string(attrs[NFTA_CHAIN_TABLE]));
	}
	return 0;
}

/* Returns 0, also when this kernel has no nftables; or -errno with *@words. */
static int dump_nft(int message, netlink_visit visit, struct host_facts *facts,
		    struct netlink_words *words)
{
	const struct nfgenmsg header = { .nfgen_family = NFPROTO_UNSPEC,
					 .version = NFNETLINK_V0 };
	int result = -EAGAIN;

	/* What an interrupted dump has shown was there: it may be kept. */
	for (int i = 0; i < NETLINK_TRIES && result == -EAGAIN; i++) {
		OWN_REQUEST struct nl_msg *request =
			netlink_request_make(NFNL_SUBSYS_NFTABLES << 8 |
						     message,
					     NLM_F_DUMP, &header,
					     sizeof(header));

		if (!request)
			return -ENOMEM;
		result = netlink_ask(NETLINK_NETFILTER, request, visit, facts,
				     words);
	}
	/*
	 * EINVAL: no such subsystem, and no module for it (nfnetlink_rcv_msg()
	 * in net/netfilter/nfnetlink.c, 5.10 to 6.18). EPROTONOSUPPORT: no
	 * nfnetlink at all.
	 */
	if (result == -EINVAL || result == -EPROTONOSUPPORT)
		return 0;
	return result;
}

static void read_nft(struct host_facts *facts)
{
	struct netlink_words words = { 0 };
	int result = dump_nft(NFT_MSG_GETTABLE, visit_table, facts, &words);

	if (result < 0)
		say(&facts->has_foreign_nft, false, true,
		    "the tables of nftables cannot be read (%s%s%s)",
		    strerror(-result), words.text[0] ? ": " : "", words.text);

	result = dump_nft(NFT_MSG_GETCHAIN, visit_chain, facts, &words);
	for (size_t i = 0; result < 0 && i < ARRAY_SIZE(facts->has_nat); i++)
		say(&facts->has_nat[i], false, true,
		    "the chains of nftables cannot be read (%s%s%s)",
		    strerror(-result), words.text[0] ? ": " : "", words.text);
}

void facts_read(struct host_facts *facts)
{
	*facts = (struct host_facts){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(facts->has_nat); i++) {
		struct fact *fact = &facts->has_nat[i];

		fact->is_known = true;
		snprintf(fact->text, sizeof(fact->text),
			 "no nat table of %s in iptables or nftables",
			 legacy[i].family);
		read_legacy_nat(fact, i);
	}
	facts->has_foreign_nft.is_known = true;
	snprintf(facts->has_foreign_nft.text,
		 sizeof(facts->has_foreign_nft.text),
		 "nftables has no tables but those of iptables");
	read_nft(facts);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h> /* before linux/netfilter.h, which has its own */
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "base/num.h"
#include "net/facts.h"
#include "net/netlink.h"
#include "net/nft.h"
#include "net/nft_rule.h"

static const char *family_name(unsigned int family)
{
	switch (family) {
	case NFPROTO_INET:
		return "inet";
	case NFPROTO_NETDEV:
		return "netdev";
	case NFPROTO_IPV4:
		return "ip";
	case NFPROTO_IPV6:
		return "ip6";
	default:
		return NULL; /* arp, bridge: not on the way of our packets */
	}
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/* Is this a table of iptables-nft? It knows its tables by name alone. */
static bool is_own_table(unsigned int family, const char *name)
{
	static const char *const own[] = { "raw", "mangle", "nat", "filter",
					   "security" };

	return (family == NFPROTO_IPV4 || family == NFPROTO_IPV6) &&
	       is_one_of(name, own, ARRAY_SIZE(own));
}

static int visit_table(struct nlmsghdr *answer, void *context)
{
	const struct nfgenmsg *header = nlmsg_data(answer);
	const char *family = family_name(header->nfgen_family);
	struct host_facts *facts = context;
	struct nlattr *attr =
		nlmsg_find_attr(answer, sizeof(*header), NFTA_TABLE_NAME);

	const char *name = netlink_text(attr);

	if (!name)
		return -EBADMSG;
	if (!family)
		return 0;
	if (!is_own_table(header->nfgen_family, name))
		fact_yes(&facts->has_foreign_hooks,
			 "nftables has the table %s %.64s", family, name);
	else
		facts->nft_tables[header->nfgen_family == NFPROTO_IPV6] |=
			facts_table(name);
	if (is_own_table(header->nfgen_family, name) &&
	    strcmp(name, "raw") == 0)
		fact_yes(&facts->has_raw[header->nfgen_family == NFPROTO_IPV6],
			 "nftables has the table %s raw", family);
	return 0;
}

static void say_nat(struct host_facts *facts, unsigned int family,
		    const char *chain, const char *table)
{
	const bool has[2] = {
		family == NFPROTO_INET || family == NFPROTO_IPV4,
		family == NFPROTO_INET || family == NFPROTO_IPV6,
	};

	for (size_t i = 0; i < ARRAY_SIZE(has); i++) {
		if (has[i])
			fact_yes(&facts->has_nat[i],
				 "nftables has the nat chain %.64s in the "
				 "table %.64s",
				 chain, table);
	}
}

/*
 * Only base chains have a type, and a type nat tells a nat hook. A base chain
 * that iptables-nft would not make is somebody else's, also in its tables.
 */
static int visit_chain(struct nlmsghdr *answer, void *context)
{
	static const char *const own[] = { "PREROUTING", "INPUT", "FORWARD",
					   "OUTPUT", "POSTROUTING" };
	const struct nfgenmsg *header = nlmsg_data(answer);
	const char *family = family_name(header->nfgen_family);
	struct nlattr *attrs[NFTA_CHAIN_MAX + 1];
	struct host_facts *facts = context;

	if (nlmsg_parse(answer, sizeof(*header), attrs, NFTA_CHAIN_MAX, NULL) <
	    0)
		return -EBADMSG;

	const char *table = netlink_text(attrs[NFTA_CHAIN_TABLE]);
	const char *chain = netlink_text(attrs[NFTA_CHAIN_NAME]);
	if (!table || !chain)
		return -EBADMSG;
	if (!family || !attrs[NFTA_CHAIN_TYPE])
		return 0;
	if (nla_strcmp(attrs[NFTA_CHAIN_TYPE], "nat") == 0)
		say_nat(facts, header->nfgen_family, chain, table);
	if (!is_one_of(chain, own, ARRAY_SIZE(own)))
		fact_yes(&facts->has_foreign_hooks,
			 "nftables has the base chain %.64s in the table %s "
			 "%.64s",
			 chain, family, table);
	return 0;
}

/* What a rule of iptables' own tables does must be what iptables-save says. */
static int visit_rule(struct nlmsghdr *answer, void *context)
{
	const struct nfgenmsg *header = nlmsg_data(answer);
	struct nlattr *attrs[NFTA_RULE_MAX + 1];
	struct fact *untold = context;

	if (nlmsg_parse(answer, sizeof(*header), attrs, NFTA_RULE_MAX, NULL) <
	    0)
		return -EBADMSG;

	const char *table = netlink_text(attrs[NFTA_RULE_TABLE]);
	const char *chain = netlink_text(attrs[NFTA_RULE_CHAIN]);
	if (!table || !chain)
		return -EBADMSG;
	if (is_own_table(header->nfgen_family, table) &&
	    attrs[NFTA_RULE_EXPRESSIONS] &&
	    !nft_rule_is_told(header->nfgen_family,
			      attrs[NFTA_RULE_EXPRESSIONS]))
		fact_yes(untold,
			 "nftables has a rule in the chain %.64s of the table "
			 "%s %.64s of which iptables-save does not tell all",
			 chain, family_name(header->nfgen_family), table);
	return 0;
}

/* A flowtable takes packets of known connections past all rules. */
static int visit_flowtable(struct nlmsghdr *answer, void *context)
{
	const char *name =
		netlink_text(nlmsg_find_attr(answer, sizeof(struct nfgenmsg),
					     NFTA_FLOWTABLE_NAME));
	struct host_facts *facts = context;

	if (!name)
		return -EBADMSG;
	fact_yes(&facts->has_foreign_hooks, "nftables has the flowtable %.64s",
		 name);
	return 0;
}

static int visit_object(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attrs[NFTA_OBJ_MAX + 1];
	struct host_facts *facts = context;

	if (nlmsg_parse(answer, sizeof(struct nfgenmsg), attrs, NFTA_OBJ_MAX,
			NULL) < 0)
		return -EBADMSG;

	const char *name = netlink_text(attrs[NFTA_OBJ_NAME]);
	unsigned int type = ntohl(netlink_number(attrs[NFTA_OBJ_TYPE], 0));
	if (!name || !type)
		return -EBADMSG;
	if (type == NFT_OBJECT_CT_HELPER || type == NFT_OBJECT_CT_EXPECT)
		fact_yes(&facts->has_helpers, "nftables has the ct %s %.64s",
			 type == NFT_OBJECT_CT_HELPER ? "helper"
						      : "expectation",
			 name);
	return 0;
}

/* Returns 0, also when this kernel has no nftables; or -errno with *@words. */
static int dump(int message, netlink_visit visit, void *context,
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
		result = netlink_ask(NETLINK_NETFILTER, request, visit, context,
				     words);
	}
	/*
	 * EINVAL: no such subsystem or message, and no module for it
	 * (nfnetlink_rcv_msg() in net/netfilter/nfnetlink.c, 5.10 to 6.18).
	 * EPROTONOSUPPORT: no nfnetlink at all.
	 */
	if (result == -EINVAL || result == -EPROTONOSUPPORT)
		return 0;
	return result;
}

/* Returns whether @what could be listed; if not, @fact is unknown. */
static bool list(int message, netlink_visit visit, const char *what,
		 void *context, struct fact *fact)
{
	struct netlink_words words = { 0 };
	int result = dump(message, visit, context, &words);

	if (result < 0)
		fact_unknown(fact,
			     "the %s of nftables cannot be read (%s%s%s%s)",
			     what, strerror(-result), words.text[0] ? ": " : "",
			     words.text,
			     result == -EPERM ? ": it takes CAP_NET_ADMIN"
					      : "");
	return result == 0;
}

static int visit_generation(struct nlmsghdr *answer, void *context)
{
	struct nlattr *attr =
		nlmsg_find_attr(answer, sizeof(struct nfgenmsg), NFTA_GEN_ID);

	*(uint32_t *)context = ntohl(netlink_number(attr, 0));
	return 0;
}

uint32_t nft_generation(void)
{
	const struct nfgenmsg header = { .nfgen_family = AF_UNSPEC,
					 .version = NFNETLINK_V0 };
	struct netlink_words words;
	uint32_t generation = 0;
	OWN_REQUEST struct nl_msg *request =
		netlink_request_make(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN,
				     0, &header, sizeof(header));

	if (request)
		netlink_ask(NETLINK_NETFILTER, request, visit_generation,
			    &generation, &words);
	return generation;
}

/* Rules that change while they are listed are of the next generation. */
static void read_rules(struct facts_memory *memory)
{
	struct fact *untold = &memory->nft.untold;
	uint32_t generation = nft_generation();

	if (generation && generation == memory->nft.generation)
		return;
	fact_begin(untold, "iptables-save tells all of its rules");
	list(NFT_MSG_GETRULE, visit_rule, "rules", untold, untold);
	memory->nft.generation = untold->is_known ? generation : 0;
}

void nft_read(struct facts_memory *memory, struct host_facts *facts)
{
	bool has_tables = list(NFT_MSG_GETTABLE, visit_table, "tables", facts,
			       &facts->has_foreign_hooks);
	bool has_chains = list(NFT_MSG_GETCHAIN, visit_chain, "chains", facts,
			       &facts->has_foreign_hooks);

	for (size_t i = 0; i < ARRAY_SIZE(facts->has_nat); i++) {
		if (!has_tables)
			fact_unknown(&facts->has_raw[i],
				     "the tables of nftables cannot be read");
		if (!has_chains)
			fact_unknown(&facts->has_nat[i],
				     "the chains of nftables cannot be read");
	}
	read_rules(memory);
	fact_join(&facts->has_foreign_hooks, &memory->nft.untold);
	list(NFT_MSG_GETFLOWTABLE, visit_flowtable, "flowtables", facts,
	     &facts->has_foreign_hooks);
	list(NFT_MSG_GETOBJ, visit_object, "objects", facts,
	     &facts->has_helpers);
}

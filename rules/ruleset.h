/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A ruleset as a tree: what `iptables-save` or `ip6tables-save` printed, with
 * its meaning beside its words. The words are kept so that a rule can be
 * printed back; the meaning is what rules/eval and rules/flatten work on.
 *
 * A rule is a flat list of matches in the order in which the kernel asks them:
 * first the address part (-s -d -i -o -p -f, in this order), then each `-m
 * module` followed by its options. `-m module` is an entry of its own
 * (MATCH_MODULE), because the module itself may already decide: `-m tcp` drops
 * a packet whose TCP header is cut off, whatever its options are.
 *
 * Ownership: everything below a struct ruleset lives in its arena and dies with
 * ruleset_free(). Numbers are in host order.
 */
#include <net/if.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/own.h"

struct ipset;

enum family {
	FAMILY_IPV4 = 4,
	FAMILY_IPV6 = 6,
};

/* The tables that the ingress path walks; others are kept as text only. */
enum table_id {
	TABLE_RAW,
	TABLE_MANGLE,
	TABLE_NAT,
	TABLE_FILTER,
	TABLE_SECURITY,
	TABLE_OTHER,
};

/* conntrack states as bits: --ctstate and the S of soundness.md 2.1. */
enum ct_state {
	CT_NEW = 1 << 0,
	CT_ESTABLISHED = 1 << 1,
	CT_RELATED = 1 << 2,
	CT_INVALID = 1 << 3,
	CT_UNTRACKED = 1 << 4,
	CT_ALL = (1 << 5) - 1,
	/* Not states of their own: NAT happened. Only --ctstate names them. */
	CT_SNAT = 1 << 5,
	CT_DNAT = 1 << 6,
};
#define CT_STATE_COUNT 5

/* The modules (`-m name`) that rules/modules.def knows. */
enum module {
#define MODULE(id, name, class, sentence) MODULE_##id,
#include "rules/modules.def"
#undef MODULE
	MODULE_UNKNOWN, /* a name that the table does not have */
	MODULE_COUNT = MODULE_UNKNOWN,
};

enum module_class {
	/* Reads the header of its protocol and drops a packet without one. */
	MODULE_CLASS_HEADER,
	/* Says nothing by itself, its options do. */
	MODULE_CLASS_OPTIONS,
	/* Unknown to us, but asking it changes nothing. */
	MODULE_CLASS_UNKNOWN,
	/*
	 * The same, about an IPv6 extension header: a packet that has none
	 * does not match, whatever the options are.
	 */
	MODULE_CLASS_EXTENSION,
	/* Unknown to us, and asking it leaves a trace (tokens, entries). */
	MODULE_CLASS_STATEFUL,
	/* The same, but the trace is for its own rule only. */
	MODULE_CLASS_METER,
};

/* One row of modules.def; for MODULE_UNKNOWN a row that assumes the worst. */
struct module_info {
	const char *name;
	enum module_class class;
	const char *sentence; /* why it is not exact, NULL when it is */
};
const struct module_info *module_info(enum module module);

/* The module of that name, MODULE_UNKNOWN when there is none. */
enum module module_find(const char *name);

enum match_kind {
	/* the address part */
	MATCH_SADDR,	 /* .addr */
	MATCH_DADDR,	 /* .addr */
	MATCH_IN_IFACE,	 /* .iface */
	MATCH_OUT_IFACE, /* .iface */
	MATCH_PROTO,	 /* .proto */
	MATCH_FRAGMENT,	 /* -f: second and further fragments */
	/* -m name */
	MATCH_MODULE, /* .module */
	/* options of modules */
	MATCH_SPORT,	  /* .ports */
	MATCH_DPORT,	  /* .ports */
	MATCH_ANY_PORT,	  /* .ports: source or destination */
	MATCH_TCP_FLAGS,  /* .tcp_flags */
	MATCH_TCP_OPTION, /* .number: option kind present */
	MATCH_MSS,	  /* .span: of the option; none matches no span */
	MATCH_ICMP_TYPE,  /* .icmp */
	MATCH_SRC_RANGE,  /* .range */
	MATCH_DST_RANGE,  /* .range */
	MATCH_LENGTH,	  /* .span: bytes from the network header on */
	MATCH_TTL,	  /* .span: ttl or hop limit */
	MATCH_TOS,	  /* .tos: DSCP and TOS alike */
	MATCH_ECN,	  /* .ecn */
	MATCH_MAC_SOURCE, /* .mac */
	MATCH_PKT_TYPE,	  /* .number: PACKET_HOST, _BROADCAST, _MULTICAST */
	MATCH_SRC_TYPE,	  /* .addr_type */
	MATCH_DST_TYPE,	  /* .addr_type */
	MATCH_CT_STATE,	  /* .number: CT_* bits */
	MATCH_SET,	  /* .set */
	MATCH_COMMENT,	  /* always true */
	/*
	 * An option that says nothing of its own: it belongs to a module that
	 * is not modelled as a whole (`--limit 1/s`), or adjusts one.
	 */
	MATCH_DETAIL,
	/* An option of a modelled module that is not modelled: unknown. */
	MATCH_OPAQUE,
};

struct addr_mask {
	u128 addr; /* already masked */
	u128 mask; /* any bits, also with holes */
};

struct addr_range {
	u128 min, max; /* inclusive */
};

struct iface_pattern {
	char name[IFNAMSIZ]; /* without the '+' */
	bool is_prefix;	     /* eth+ */
};

struct port_range {
	uint16_t min, max; /* inclusive; min > max matches nothing */
};

#define PORTS_MAX 15 /* XT_MULTI_PORTS */
struct port_list {
	unsigned int count;
	struct port_range ranges[PORTS_MAX];
};

struct tcp_flags {
	uint8_t mask, set; /* FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32 */
};

struct icmp_type {
	bool is_any; /* --icmp-type any */
	uint8_t type;
	uint8_t code_min, code_max;
};

struct span {
	uint32_t min, max; /* inclusive; min > max matches nothing */
};

struct tos_mask {
	uint8_t value, mask; /* of the whole TOS or traffic class byte */
};

struct ecn_bits {
	bool has_ip_ect, has_cwr, has_ece; /* exactly one is set */
	uint8_t ip_ect;
};

struct addr_type {
	uint16_t types; /* 1 << RTN_UNICAST ... */
	bool limit_in, limit_out;
};

/* --match-set: bit i of .sources is set where word i is "src", not "dst". */
#define SET_DIMENSIONS_MAX 6 /* IPSET_DIM_MAX */
struct set_dims {
	uint8_t count;
	uint8_t sources;
};

/* Which set was asked for; rules/bind.h finds it. */
struct set_question {
	struct set_dims dims;
	/*
	 * The rule's question in ruleset.set_questions, or NO_SET_QUESTION
	 * while nobody knows the set.
	 */
	uint8_t index;
	bool has_ports;	 /* the set looks at ports */
	bool is_tracing; /* asking may leave a trace: counters */
};
#define NO_SET_QUESTION 0xff

struct match {
	enum match_kind kind;
	bool is_negated;
	/*
	 * The words to print: the option in its modern spelling ("--dport"),
	 * "-m" for MATCH_MODULE, and its arguments, unquoted.
	 */
	const char *option;
	const char *const *words;
	/* As they stood in the file, for words with quotes, else NULL; the
	 * whole array is NULL when no word has any. */
	const char *const *spelled;
	size_t word_count;
	union {
		struct addr_mask addr;
		struct iface_pattern iface;
		uint8_t proto; /* never 0: `-p all` is no match at all */
		enum module module;
		struct port_list ports;
		struct tcp_flags tcp_flags;
		struct icmp_type icmp;
		struct addr_range range;
		struct span span;
		struct tos_mask tos;
		struct ecn_bits ecn;
		uint8_t mac[6];
		struct addr_type addr_type;
		struct set_question set;
		uint32_t number;
	};
};

enum target_kind {
	TARGET_NONE, /* a rule without -j: it counts */
	TARGET_ACCEPT,
	TARGET_DROP,
	TARGET_RETURN,
	TARGET_JUMP,	  /* -j CHAIN */
	TARGET_GOTO,	  /* -g CHAIN */
	TARGET_EXTENSION, /* -j LOG, ...: .extension says what it does */
};

enum extension {
#define EXTENSION(id, name, class, changes, sentence) EXTENSION_##id,
#include "rules/targets.def"
#undef EXTENSION
	EXTENSION_UNKNOWN,
};

enum extension_class {
	/* The packet goes on with the next rule, nothing else happens that
	 * matters for a packet which is dropped later anyway. */
	EXTENSION_CLASS_CONTINUES,
	/* It goes on, and something was done that somebody asked for. */
	EXTENSION_CLASS_TRACES,
	/* The same: somebody is told of the packet. */
	EXTENSION_CLASS_LOGS,
	/* It ends here as if accepted in this table (nat's targets). */
	EXTENSION_CLASS_ACCEPTS,
	/* It ends here with an answer or in other hands. */
	EXTENSION_CLASS_ANSWERS,
};

/* What later matches may no longer trust after an extension. */
enum change {
	CHANGE_NONE = 0,
	CHANGE_TTL = 1 << 0,
	CHANGE_TOS = 1 << 1,
	CHANGE_TCP = 1 << 2,	  /* flags and options of the TCP header */
	CHANGE_SOURCE = 1 << 3,	  /* address and port */
	CHANGE_TRACKING = 1 << 4, /* NOTRACK, CT: the connection state */
	CHANGE_MARK = 1 << 5,	  /* the mark, which routing may read */
	CHANGE_DESTINATION = 1 << 6,
	CHANGE_ADDRESS = CHANGE_SOURCE | CHANGE_DESTINATION,
};

struct extension_info {
	const char *name;
	enum extension_class class;
	unsigned int changes; /* CHANGE_* */
	const char *sentence; /* why it stops a drop, NULL when it does not */
};
const struct extension_info *extension_info(enum extension extension);
enum extension extension_find(const char *name);

struct rule_target {
	enum target_kind kind;
	enum extension extension;
	const char *name; /* as written; NULL for TARGET_NONE */
	size_t chain;	  /* index into the table's chains, for JUMP, GOTO */
	const char *const *words;   /* the options behind it, unquoted */
	const char *const *spelled; /* as in struct match */
	size_t word_count;
};

struct rule {
	unsigned int line;   /* where it stands in its file, from 1 */
	unsigned int number; /* its place in its chain, from 1, as iptables -L
				--line-numbers counts */
	bool has_counters;
	uint64_t packets, bytes;
	const char *const *comments; /* '#' lines right before it */
	size_t comment_count;
	struct match *matches;
	size_t match_count;
	struct rule_target target;
};

enum chain_policy {
	POLICY_NONE, /* a user chain: '-' */
	POLICY_ACCEPT,
	POLICY_DROP,
	POLICY_OTHER, /* QUEUE and what else old dumps have: not ours to judge */
};

struct chain {
	const char *name;
	enum chain_policy policy;
	const char *policy_name; /* as written */
	bool has_counters;
	uint64_t packets, bytes;
	unsigned int line;
	struct rule *rules;
	size_t rule_count;
};

struct table {
	const char *name;
	enum table_id id;
	unsigned int line;
	const char *const *comments; /* '#' lines right before it */
	size_t comment_count;
	struct chain *chains; /* in order of declaration */
	size_t chain_count;
};

/* A set of ipset, asked about a packet in one way. */
struct bound_set {
	const struct ipset *set;
	struct set_dims dims;
};

/* So many different questions about sets may a ruleset ask. */
#define SET_QUESTIONS_MAX 8
/* And so many sets may they come down to, members of lists each by itself. */
#define SET_LEAVES_MAX 8

struct ruleset {
	struct arena *arena;
	enum family family;
	const char *source; /* where it came from: a path, "<stdin>", ... */
	struct table *tables;
	size_t table_count;
	const char *const *comments; /* behind the last table */
	size_t comment_count;
	/* Nothing but a blocklist: it drops whatever other tables say. */
	bool is_block_alone;
	bool is_loaded; /* all that the host had loaded when it was read */
	/* What -m set asks, once rules/bind.h knows the sets. Not owned. */
	struct bound_set set_questions[SET_QUESTIONS_MAX];
	size_t set_question_count;
};

void ruleset_free(struct ruleset *ruleset);
OWN_DEFINE(ruleset)

/* Whose address or port it looks at: CHANGE_SOURCE, CHANGE_DESTINATION. */
unsigned int match_reads(const struct match *match);

/* NOTRACK, or CT --notrack. */
bool target_is_notrack(const struct rule_target *target);

/*
 * Does the rule do nothing but tell somebody of its packets, however often: by
 * itself, or by jumping to a chain of @table that has only such rules?
 */
bool rule_is_log(const struct table *table, const struct rule *rule);

/*
 * Is the rule there to count what it matches: without a target, or a jump of
 * some packets to a chain of @table that is empty? (A jump of all packets to
 * an empty chain is how frontends leave room.)
 */
bool rule_is_counter(const struct table *table, const struct rule *rule);

/* NULL when the ruleset does not have it. */
const struct table *ruleset_table(const struct ruleset *ruleset,
				  enum table_id id);
const struct chain *table_chain(const struct table *table, const char *name);

/*
 * Does any rule of the table, of the ruleset (NULL: no), in whatever chain,
 * have a target that @is_it?
 */
bool table_has_target(const struct table *table,
		      bool (*is_it)(const struct rule_target *target));
bool ruleset_has_target(const struct ruleset *ruleset,
			bool (*is_it)(const struct rule_target *target));

/* An extension that makes one of @changes (CHANGE_*). */
static inline bool target_changes(const struct rule_target *target,
				  unsigned int changes)
{
	return target->kind == TARGET_EXTENSION &&
	       extension_info(target->extension)->changes & changes;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/in.h>
#include <string.h>

#include "rules/scope.h"

static const struct {
	char letter; /* 0: a synonym */
	const char *name;
	enum global_id id;
} globals[] = {
	{ 'A', "append", GLOBAL_APPEND },
	{ 'I', "insert", GLOBAL_INSERT },
	{ 'N', "new-chain", GLOBAL_NEW_CHAIN },
	{ 'P', "policy", GLOBAL_POLICY },
	{ 'F', "flush", GLOBAL_FLUSH },
	{ 'D', "delete", GLOBAL_REFUSED },
	{ 'R', "replace", GLOBAL_REFUSED },
	{ 'C', "check", GLOBAL_REFUSED },
	{ 'E', "rename-chain", GLOBAL_REFUSED },
	{ 'X', "delete-chain", GLOBAL_REFUSED },
	{ 'Z', "zero", GLOBAL_REFUSED },
	{ 'L', "list", GLOBAL_REFUSED },
	{ 'S', "list-rules", GLOBAL_REFUSED },
	{ 't', "table", GLOBAL_REFUSED },
	{ 's', "source", GLOBAL_SOURCE },
	{ 0, "src", GLOBAL_SOURCE },
	{ 'd', "destination", GLOBAL_DESTINATION },
	{ 0, "dst", GLOBAL_DESTINATION },
	{ 'i', "in-interface", GLOBAL_IN_IFACE },
	{ 'o', "out-interface", GLOBAL_OUT_IFACE },
	{ 'p', "protocol", GLOBAL_PROTO },
	{ 0, "proto", GLOBAL_PROTO },
	{ 'f', "fragments", GLOBAL_FRAGMENT },
	{ 'm', "match", GLOBAL_MATCH },
	{ 'j', "jump", GLOBAL_JUMP },
	{ 'g', "goto", GLOBAL_GOTO },
	{ 'c', "set-counters", GLOBAL_COUNTERS },
	{ '4', "ipv4", GLOBAL_IPV4 },
	{ '6', "ipv6", GLOBAL_IPV6 },
	{ 'v', "verbose", GLOBAL_IGNORED },
	{ 'n', "numeric", GLOBAL_IGNORED },
	{ 'x', "exact", GLOBAL_IGNORED },
	{ 'w', "wait", GLOBAL_WAIT },
};

/*
 * What `-p` makes iptables load when an option needs it, and which modules the
 * kernel takes with certain protocols only (.proto in struct xt_match).
 */
static const struct {
	enum module module;
	uint8_t proto;
	enum family family; /* 0: both */
	const char *needs;  /* NULL: loaded by -p, but not bound to it */
} proto_modules[] = {
	{ MODULE_TCP, IPPROTO_TCP, 0, "-p tcp" },
	{ MODULE_UDP, IPPROTO_UDP, 0, "-p udp" },
	{ MODULE_UDPLITE, IPPROTO_UDPLITE, 0, "-p udplite" },
	{ MODULE_SCTP, IPPROTO_SCTP, 0, "-p sctp" },
	{ MODULE_DCCP, IPPROTO_DCCP, 0, "-p dccp" },
	{ MODULE_ICMP, IPPROTO_ICMP, FAMILY_IPV4, "-p icmp" },
	{ MODULE_ICMP6, IPPROTO_ICMPV6, FAMILY_IPV6, "-p ipv6-icmp" },
	{ MODULE_ESP, IPPROTO_ESP, 0, NULL },
	{ MODULE_AH, IPPROTO_AH, 0, NULL },
	{ MODULE_IPCOMP, IPPROTO_COMP, 0, NULL },
	{ MODULE_MH, IPPROTO_MH, 0, NULL },
};

const char *scope_missing_proto(enum module module, bool has_proto,
				uint8_t proto)
{
	for (size_t i = 0; i < ARRAY_SIZE(proto_modules); i++) {
		if (proto_modules[i].module == module &&
		    (!has_proto || proto != proto_modules[i].proto))
			return proto_modules[i].needs;
	}
	if (module != MODULE_MULTIPORT)
		return NULL;
	if (has_proto && (proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
			  proto == IPPROTO_UDPLITE || proto == IPPROTO_SCTP ||
			  proto == IPPROTO_DCCP))
		return NULL;
	return "-p tcp, udp, udplite, sctp or dccp";
}

/* How freely a name may be written. */
enum freedom {
	NO_SYNONYMS,
	EXACT,
	SHORTENED,
};

static bool find_global(const char *name, size_t length, enum freedom freedom,
			enum global_id *out)
{
	size_t starts = 0;

	if (length == 2 && name[0] == '-' && name[1] != '-') {
		for (size_t i = 0; i < ARRAY_SIZE(globals); i++) {
			if (globals[i].letter == name[1]) {
				*out = globals[i].id;
				return true;
			}
		}
		return false;
	}
	if (length < 3 || name[0] != '-' || name[1] != '-')
		return false;
	name += 2;
	length -= 2;
	for (size_t i = 0; i < ARRAY_SIZE(globals); i++) {
		if (strncmp(globals[i].name, name, length) ||
		    (!globals[i].letter && freedom == NO_SYNONYMS))
			continue;
		if (!globals[i].name[length]) {
			*out = globals[i].id;
			return true;
		}
		if (freedom == SHORTENED && !starts++)
			*out = globals[i].id;
	}
	return starts == 1;
}

struct name {
	const char *text; /* without dashes */
	size_t length;
	bool may_shorten;
};

static bool find_in_module(const struct scope *scope, size_t index,
			   const struct name *name, struct scope_answer *out)
{
	out->owner = SCOPE_MODULE;
	out->index = index;
	out->info = options_find(scope->modules[index], name->text,
				 name->length, name->may_shorten);
	return out->info;
}

static bool find_in_target(const struct scope *scope, const struct name *name,
			   struct scope_answer *out)
{
	if (!scope->has_extension)
		return false;
	out->owner = SCOPE_TARGET;
	out->info = options_find_target(scope->extension, name->text,
					name->length, name->may_shorten);
	return out->info;
}

/* In what was loaded, the latest first. */
static bool find_loaded(const struct scope *scope, const struct name *name,
			struct scope_answer *out)
{
	size_t left = scope->module_count;

	if (left && !scope->is_target_latest &&
	    find_in_module(scope, --left, name, out))
		return true;
	if (find_in_target(scope, name, out))
		return true;
	while (left > 0) {
		if (find_in_module(scope, --left, name, out))
			return true;
	}
	return false;
}

/* In the module that the protocol brings along. */
static bool find_by_proto(const struct scope *scope, const struct name *name,
			  struct scope_answer *out)
{
	for (size_t i = 0; scope->has_proto && i < ARRAY_SIZE(proto_modules);
	     i++) {
		if (proto_modules[i].proto != scope->proto ||
		    (proto_modules[i].family &&
		     proto_modules[i].family != scope->family))
			continue;
		out->owner = SCOPE_NEW_MODULE;
		out->info = options_find(proto_modules[i].module, name->text,
					 name->length, name->may_shorten);
		if (out->info)
			return true;
	}
	return false;
}

/* `--set` without `-m recent`: only one module can be meant. */
static bool find_alone(const struct name *name, struct scope_answer *out)
{
	out->owner = SCOPE_NEW_MODULE;
	out->info = options_find_alone(name->text, name->length);
	if (!out->info)
		return false;
	/* Not where a protocol is missing: that is an error. */
	return out->info->owner == MODULE_MULTIPORT ||
	       module_info(out->info->owner)->class != MODULE_CLASS_HEADER;
}

static bool is_modelled(enum module module)
{
	enum module_class class = module_info(module)->class;

	return class == MODULE_CLASS_HEADER || class == MODULE_CLASS_OPTIONS;
}

/* Something that is not modelled may have options that we never heard of. */
static bool find_open(const struct scope *scope, struct scope_answer *out)
{
	out->info = NULL;
	out->owner = SCOPE_OPEN_TARGET;
	if (scope->has_extension && scope->is_target_latest)
		return true;
	for (size_t i = scope->module_count; i-- > 0;) {
		if (!is_modelled(scope->modules[i])) {
			out->owner = SCOPE_OPEN_MODULE;
			out->index = i;
			return true;
		}
	}
	return scope->has_extension;
}

/* What stands last is all foreign to us: every option may be its own, also
 * `--src` and `--proto`. */
static bool is_foreign(const struct scope *scope)
{
	if (scope->is_target_latest)
		return scope->has_extension &&
		       scope->extension == EXTENSION_UNKNOWN;
	return scope->module_count &&
	       scope->modules[scope->module_count - 1] == MODULE_UNKNOWN;
}

/*
 * Shortened, implied by -p, or left out: see scope.h. What only -p brings along
 * is not loaded yet when iptables looks for the first time: there `-p tcp
 * --dest 22` is -d 22.0.0.0, without a word.
 */
static bool find_left_out(const struct scope *scope, struct name *name,
			  struct scope_answer *out)
{
	const struct name whole = *name;

	name->may_shorten = true;
	return find_loaded(scope, name, out) ||
	       find_by_proto(scope, &whole, out) || find_alone(name, out) ||
	       find_open(scope, out);
}

struct scope_answer scope_find(const struct scope *scope, const char *name,
			       size_t length)
{
	struct scope_answer answer = { .owner = SCOPE_GLOBAL };
	bool is_long = length > 2 && !strncmp(name, "--", 2);
	struct name rest = { is_long ? name + 2 : "", is_long ? length - 2 : 0,
			     false };

	if (is_foreign(scope)) {
		if (!find_global(name, length, NO_SYNONYMS, &answer.global))
			find_open(scope, &answer);
		return answer;
	}
	if (is_long && find_loaded(scope, &rest, &answer))
		return answer;
	if (find_global(name, length, EXACT, &answer.global)) {
		answer.owner = SCOPE_GLOBAL;
		return answer;
	}
	if (is_long && find_left_out(scope, &rest, &answer))
		return answer;
	if (find_global(name, length, SHORTENED, &answer.global))
		answer.owner = SCOPE_GLOBAL;
	else if (!is_long || !find_by_proto(scope, &rest, &answer))
		answer.owner = SCOPE_NOBODY;
	return answer;
}

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The rows of rules/options.def: which option belongs to whom. */
#include "rules/ruleset.h"

/* How the words of a modelled option are read. */
enum option_form {
	FORM_NONE,
	FORM_PORT_RANGE,
	FORM_PORT_LIST,
	FORM_TCP_FLAGS,
	FORM_SYN,
	FORM_TCP_OPTION,
	FORM_MSS,
	FORM_ICMP_TYPE,
	FORM_ADDR_RANGE,
	FORM_LENGTH,
	FORM_EQUAL,
	FORM_BELOW,
	FORM_ABOVE,
	FORM_TOS,
	FORM_DSCP,
	FORM_DSCP_CLASS,
	FORM_CWR,
	FORM_ECE,
	FORM_ECT,
	FORM_MAC,
	FORM_PKT_TYPE,
	FORM_ADDR_TYPE,
	FORM_STATE,
	FORM_CT_STATE,
	FORM_MATCH_SET,
};

struct option_info {
	int owner;	    /* enum module or enum extension */
	const char *name;   /* without dashes */
	const char *option; /* as printed: "--dport" */
	unsigned int words; /* how many follow */
	enum match_kind kind;
	enum option_form form;
};

/*
 * The option of @module (@extension) whose name is the first @length bytes of
 * @name; NULL when there is none. With @may_shorten its beginning will do, as
 * for getopt_long(), if it fits one option only.
 */
const struct option_info *options_find(enum module module, const char *name,
				       size_t length, bool may_shorten);
const struct option_info *options_find_target(enum extension extension,
					      const char *name, size_t length,
					      bool may_shorten);

/* The option of that name if one module alone has it, else NULL. */
const struct option_info *options_find_alone(const char *name, size_t length);

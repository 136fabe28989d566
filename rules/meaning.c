// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "rules/address.h"
#include "rules/meaning.h"
#include "rules/ports.h"
#include "rules/values.h"

int meaning_keep_words(struct arena *arena, const struct word *words,
		       size_t count, const char *const **texts,
		       const char *const **spelled)
{
	const char **text, **quoted = NULL;

	*texts = *spelled = NULL;
	if (!count)
		return 0;
	text = arena_alloc(arena, count * sizeof(*text));
	if (!text)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		text[i] = words[i].text;
		if (!words[i].spelled)
			continue;
		if (!quoted)
			quoted = arena_alloc(arena, count * sizeof(*quoted));
		if (!quoted)
			return -ENOMEM;
		quoted[i] = words[i].spelled;
	}
	*texts = text;
	*spelled = quoted;
	return 0;
}

/* TCP flags are two words; the column is the one that is wrong. */
static int read_tcp_flags(const struct meaning_source *source,
			  struct match *out, unsigned int *column,
			  struct err *err)
{
	int result = values_tcp_flags(source->words[0].text,
				      &out->tcp_flags.mask, err);

	if (result)
		return result;
	*column = source->words[1].column;
	return values_tcp_flags(source->words[1].text, &out->tcp_flags.set,
				err);
}

/* `--syn` is printed as what it means. */
static void spell_syn(struct match *out)
{
	static const char *const words[] = { "FIN,SYN,RST,ACK", "SYN" };

	out->words = words;
	out->spelled = NULL;
	out->word_count = ARRAY_SIZE(words);
	out->tcp_flags = (struct tcp_flags){ .mask = 0x17, .set = 0x02 };
}

/* ttl and hop limit: 0..255, compared in one of three ways. */
static int read_ttl(const struct option_info *info, const char *text,
		    struct span *out, struct err *err)
{
	uint32_t value;
	int result = values_number(text, 255, "a TTL", &value, err);

	if (result)
		return result;
	if (info->form == FORM_EQUAL)
		*out = (struct span){ value, value };
	else if (info->form == FORM_ABOVE)
		*out = (struct span){ value + 1, 255 };
	else if (value)
		*out = (struct span){ 0, value - 1 };
	else
		*out = (struct span){ 1, 0 };
	return 0;
}

static int read_dscp(const struct option_info *info, const char *text,
		     struct tos_mask *out, struct err *err)
{
	uint32_t dscp;
	int result =
		info->form == FORM_DSCP
			? values_number(text, 63, "a DSCP value", &dscp, err)
			: values_dscp_class(text, &dscp, err);

	if (!result)
		*out = (struct tos_mask){ .value = dscp << 2, .mask = 0xfc };
	return result;
}

static int read_ect(const char *text, struct ecn_bits *out, struct err *err)
{
	uint32_t ect;
	int result = values_number(text, 3, "an ECN codepoint", &ect, err);

	if (!result)
		*out = (struct ecn_bits){ .has_ip_ect = true, .ip_ect = ect };
	return result;
}

static int read_tcp_option(const char *text, uint32_t *out, struct err *err)
{
	uint32_t kind;
	int result = values_number(text, 255, "a TCP option", &kind, err);

	if (result)
		return result;
	if (!kind)
		return err_input(err,
				 "'%.64s' is not a TCP option: expected a "
				 "number from 1 to 255",
				 text);
	*out = kind;
	return 0;
}

static int read_words(const struct meaning_source *source, struct match *out,
		      unsigned int *column, struct err *err)
{
	const struct option_info *info = source->info;
	const char *text = info->words ? source->words[0].text : "";

	switch (info->form) {
	case FORM_NONE:
		return 0;
	case FORM_PORT_RANGE:
		return ports_read_range(text, source->proto, &out->ports, err);
	case FORM_PORT_LIST:
		return ports_read_list(text, source->proto, &out->ports, err);
	case FORM_TCP_FLAGS:
		return read_tcp_flags(source, out, column, err);
	case FORM_SYN:
		spell_syn(out);
		return 0;
	case FORM_TCP_OPTION:
		return read_tcp_option(text, &out->number, err);
	case FORM_MSS:
		return values_span(text, 65535, "a segment size", &out->span,
				   err);
	case FORM_ICMP_TYPE:
		return values_icmp_type(text, source->family, &out->icmp, err);
	case FORM_ADDR_RANGE:
		return address_read_range(text, source->family, &out->range,
					  err);
	case FORM_LENGTH:
		return values_span(text, 65535, "a length", &out->span, err);
	case FORM_EQUAL:
	case FORM_BELOW:
	case FORM_ABOVE:
		return read_ttl(info, text, &out->span, err);
	case FORM_TOS:
		return values_tos(text, &out->tos, err);
	case FORM_DSCP:
	case FORM_DSCP_CLASS:
		return read_dscp(info, text, &out->tos, err);
	case FORM_CWR:
		out->ecn = (struct ecn_bits){ .has_cwr = true };
		return 0;
	case FORM_ECE:
		out->ecn = (struct ecn_bits){ .has_ece = true };
		return 0;
	case FORM_ECT:
		return read_ect(text, &out->ecn, err);
	case FORM_MAC:
		return values_mac(text, out->mac, err);
	case FORM_PKT_TYPE:
		return values_pkt_type(text, &out->number, err);
	case FORM_ADDR_TYPE:
		return values_addr_types(text, &out->addr_type.types, err);
	case FORM_STATE:
		return values_state(text, &out->number, err);
	case FORM_CT_STATE:
		return values_ct_state(text, &out->number, err);
	case FORM_MATCH_SET:
		out->set = (struct set_question){ .index = NO_SET_QUESTION,
						  .is_tracing = true };
		*column = source->words[1].column;
		return values_set_dims(source->words[1].text, &out->set.dims,
				       err);
	}
	return 0;
}

int meaning_read(struct arena *arena, const struct meaning_source *source,
		 struct match *out, unsigned int *column, struct err *err)
{
	const struct option_info *info = source->info;
	struct match match = {
		.kind = info->kind,
		.is_negated = source->is_negated,
		.option = info->option,
		.word_count = info->words,
	};

	if (info->words)
		*column = source->words[0].column;
	if (meaning_keep_words(arena, source->words, info->words, &match.words,
			       &match.spelled))
		return err_no_memory(err);
	int result = read_words(source, &match, column, err);
	if (!result)
		*out = match;
	return result;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "bpf/card.h"

/* Firmware has everything unless a row, or somebody, says otherwise. */
#define EVERYTHING                                                             \
	.map_types = 1 << BPF_MAP_TYPE_HASH | 1 << BPF_MAP_TYPE_ARRAY,         \
	.h_lookup = 1, .h_update = 1, .h_delete = 1, .h_perf = 1,              \
	.c_random = 1, .c_qsel = 1, .c_adj_head = 1, .c_adj_tail = 1

static const struct card_limits cards[] = {
#define CARD(id, ...) { .name = #id, EVERYTHING, __VA_ARGS__ },
#include "bpf/cards.def"
#undef CARD
};

/* What can be changed of one. */
static const struct {
	const char *name;
	size_t offset;
} fields[] = {
#define FIELD(name)                                                            \
	{                                                                      \
#name, offsetof(struct card_limits, name)                      \
	}
	FIELD(max_len),	   FIELD(stack_sz),   FIELD(inl_mtu),
	FIELD(map_types),  FIELD(max_maps),   FIELD(max_elems),
	FIELD(max_key_sz), FIELD(max_val_sz), FIELD(max_elem_sz),
	FIELD(h_lookup),   FIELD(h_update),   FIELD(h_delete),
	FIELD(h_perf),	   FIELD(c_random),   FIELD(c_qsel),
	FIELD(c_adj_head), FIELD(c_adj_tail), FIELD(c_relo),
#undef FIELD
};

const struct card_limits *card_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(cards); i++)
		if (!strcmp(cards[i].name, name))
			return &cards[i];
	return NULL;
}

/* "stack_sz=1" */
static int set_field(struct card_limits *card, const char *word,
		     struct err *err)
{
	const char *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : strlen(word);
	char *end;
	unsigned long number;

	for (size_t i = 0; equals && i < ARRAY_SIZE(fields); i++) {
		if (strlen(fields[i].name) != length ||
		    strncmp(fields[i].name, word, length) != 0)
			continue;
		number = strtoul(equals + 1, &end, 10);
		if (end == equals + 1 || *end || number > UINT32_MAX)
			break;
		*(unsigned int *)((char *)card + fields[i].offset) = number;
		return 0;
	}
	return err_set(err, ERR_USAGE, EINVAL,
		       "a card has no \"%s\"; it has max_len=, stack_sz=, "
		       "inl_mtu=, max_maps=, max_elems=, max_key_sz=, "
		       "max_val_sz=, max_elem_sz=, map_types= and firmware's "
		       "helpers (bpf/card.h), each a number",
		       word);
}

int card_parse(const char *text, struct card_limits *out, struct err *err)
{
	OWN_MEM char *words = strdup(text);
	char *rest = NULL, *word;
	struct card_limits card;

	if (!words)
		return err_no_memory(err);
	word = strtok_r(words, ",", &rest);
	if (!word || strchr(word, '=')) {
		card = *card_find(CARD_DEFAULT);
	} else {
		const struct card_limits *found = card_find(word);

		if (!found)
			return err_set(err, ERR_USAGE, EINVAL,
				       "there is no card \"%s\"; there are "
				       "small, typical and large",
				       word);
		card = *found;
		word = strtok_r(NULL, ",", &rest);
	}
	for (; word; word = strtok_r(NULL, ",", &rest)) {
		int result = set_field(&card, word, err);

		if (result)
			return result;
	}
	*out = card;
	return 0;
}

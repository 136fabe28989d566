// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "bpf/set_live.h"
#include "cli/command.h"
#include "cli/say.h"
#include "cli/set_elements.h"
#include "fallback/apply.h"
#include "fallback/claim.h"

/* How long to wait for another apply or set. */
#define PATIENCE_MS 10000

static const struct {
	const char *word;
	enum set_verb verb;
	const char *needs;
} verbs[] = {
	{ "add", SET_VERB_ADD,
	  "an interface, a set and elements, or - for "
	  "those on stdin" },
	{ "del", SET_VERB_DEL,
	  "an interface, a set and elements, or - for "
	  "those on stdin" },
	{ "swap", SET_VERB_SWAP,
	  "an interface, a set and a file, or - for "
	  "stdin" },
};

/* The program of ours on that interface. */
static int find_program(const char *iface, uint32_t *out, struct err *err)
{
	OWN(attachments) struct attachments *list = NULL;
	int result = apply_list(iface, &list, err);

	if (result < 0)
		return result;
	if (!list->count)
		return err_system(err, 0,
				  "no program of wirewall is attached to %s",
				  iface);
	*out = list->items[0].prog_id;
	return 0;
}

static int say_sets(const struct options *options, const char *iface,
		    struct err *err)
{
	struct set_live live[WIRE_PARTS_MAX];
	struct report_set sets[WIRE_PARTS_MAX];
	struct report_style style = say_style();
	OWN_BUF struct buf buf = BUF_INIT;
	uint32_t prog_id;
	size_t count;
	int result = find_program(iface, &prog_id, err);

	if (result == 0)
		result = set_live_list(prog_id, live, &count, err);
	if (result < 0)
		return result;
	for (size_t i = 0; i < count; i++)
		sets[i] = (struct report_set){
			.name = live[i].name.name,
			.type = ipset_type_name(live[i].name.type),
			.family = live[i].name.part.family,
			.ranges = live[i].ranges,
			.bytes = live[i].bytes,
		};
	say_format(options)->sets(&buf, &style, iface, sets, count);
	return say_report(&buf, err);
}

/* Elements from a file for swap and for "-", else the words themselves. */
static int read_elements(const struct options *options, enum set_verb verb,
			 struct set_elements *out, struct err *err)
{
	char *const *words = options->args + 3;
	size_t count = options->arg_count - 3;
	bool is_file =
		verb == SET_VERB_SWAP || (count == 1 && !strcmp(words[0], "-"));

	if (!is_file)
		return set_elements_words(words, count, out, err);
	if (count != 1)
		return err_set(err, ERR_USAGE, EINVAL,
			       "wirewall set swap takes one file");
	return set_elements_file(words[0], options->args[2], out, err);
}

static int change(const struct options *options, enum set_verb verb,
		  struct err *err)
{
	OWN_SET_ELEMENTS struct set_elements elements = { 0 };
	const char *iface = options->args[1];
	uint32_t prog_id;
	int result = read_elements(options, verb, &elements, err);

	if (result == 0)
		result = find_program(iface, &prog_id, err);
	if (result < 0)
		return result;

	const struct set_change change = {
		.name = options->args[2],
		.verb = verb,
		.elements = elements.items,
		.element_count = elements.count,
	};
	/* Two changes of one set at once would lose one of them. */
	OWN_FD int turn = claim_wait(CLAIM_APPLY, PATIENCE_MS, err);
	if (turn == -ETIMEDOUT)
		return turn;
	result = set_live_change(prog_id, &change, err);
	if (result < 0) {
		err_where(err, "%s", iface);
		return result;
	}
	return say_sets(options, iface, err);
}

int cmd_set(const struct options *options, struct err *err)
{
	const char *word = options->args[0];

	if (!strcmp(word, "list") && options->arg_count == 2)
		return say_sets(options, options->args[1], err);
	if (!strcmp(word, "list"))
		return err_set(err, ERR_USAGE, EINVAL,
			       "wirewall set list needs one interface");
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(word, verbs[i].word) != 0)
			continue;
		if (options->arg_count >= 4)
			return change(options, verbs[i].verb, err);
		return err_set(err, ERR_USAGE, EINVAL,
			       "wirewall set %s needs %s", word,
			       verbs[i].needs);
	}
	return err_set(err, ERR_USAGE, EINVAL,
		       "wirewall set does not know \"%s\": expected list, add, "
		       "del or swap",
		       word);
}

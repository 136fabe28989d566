// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/ipset_draft.h"
#include "rules/ipset_element.h"
#include "rules/ipset_read.h"
#include "rules/lex.h"
#include "rules/values.h"

static const struct {
	const char *name;
	bool is_modelled;
} types[] = {
#define IPSET(id, name, dimensions, is_modelled)                               \
	[IPSET_##id] = { name, is_modelled },
#include "rules/ipset.def"
#undef IPSET
};

/* Of words that are not kept, before their memory is used again. */
#define SCRATCH_MAX ((size_t)1024 * 1024)

/* Sets found by name: open hashing, an index + 1 in each slot, 0 is empty. */
struct sets_file {
	struct arena *arena;
	struct arena *scratch; /* for lines of which no word is kept */
	struct ipset_draft *drafts;
	size_t count, size;
	uint32_t *slots;
	size_t slot_count;
	struct words words;
	struct err *err;
};

static void sets_file_free(struct sets_file *file)
{
	for (size_t i = 0; i < file->count; i++)
		ipset_draft_free(&file->drafts[i]);
	free(file->drafts);
	free(file->slots);
	lex_words_free(&file->words);
	arena_free(file->scratch);
}

static size_t slot_of(const struct sets_file *file, const char *name)
{
	size_t hash = 5381;

	for (const char *c = name; *c; c++)
		hash = hash * 33 + (unsigned char)*c;
	for (size_t slot = hash;; slot++) {
		uint32_t entry = file->slots[slot & (file->slot_count - 1)];

		if (!entry || !strcmp(file->drafts[entry - 1].set->name, name))
			return slot & (file->slot_count - 1);
	}
}

static struct ipset_draft *find(const struct sets_file *file, const char *name)
{
	uint32_t entry =
		file->slot_count ? file->slots[slot_of(file, name)] : 0;

	return entry ? &file->drafts[entry - 1] : NULL;
}

/* Room for one more draft, in a table that is at most half full. */
static int grow(struct sets_file *file)
{
	size_t size = file->size ? file->size * 2 : 8;
	struct ipset_draft *drafts =
		reallocarray(file->drafts, size, sizeof(*drafts));
	uint32_t *slots;

	if (!drafts)
		return -ENOMEM;
	file->drafts = drafts;
	slots = calloc(size * 2, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(file->slots);
	file->slots = slots;
	file->slot_count = size * 2;
	file->size = size;
	for (size_t i = 0; i < file->count; i++)
		slots[slot_of(file, drafts[i].set->name)] = i + 1;
	return 0;
}

static struct ipset_draft *add_draft(struct sets_file *file, struct ipset *set)
{
	if (file->count == file->size && grow(file))
		return NULL;

	struct ipset_draft *draft = &file->drafts[file->count];
	*draft = (struct ipset_draft){ .set = set };
	file->slots[slot_of(file, set->name)] = ++file->count;
	return draft;
}

static enum ipset_type find_type(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (!strcmp(types[i].name, name))
			return i;
	}
	return IPSET_UNKNOWN;
}

/* The word at @*next, which it steps over; NULL and a sentence at the end. */
static const char *read_word(const struct sets_file *file, size_t *next)
{
	const struct words *words = &file->words;

	if (*next < words->count)
		return words->words[(*next)++].text;
	err_input(file->err, "'%.64s' needs a value behind it",
		  words->words[*next - 1].text);
	return NULL;
}

static int read_number(const struct sets_file *file, size_t *next,
		       const char *what, uint32_t *out)
{
	const char *text = read_word(file, next);

	return text ? values_number(text, UINT32_MAX, what, out, file->err)
		    : -EINVAL;
}

static int read_family(const struct sets_file *file, size_t *next,
		       struct ipset *set)
{
	const char *text = read_word(file, next);

	if (!text)
		return -EINVAL;
	if (!strcmp(text, "inet") || !strcmp(text, "ipv4") ||
	    !strcmp(text, "-4"))
		set->family = FAMILY_IPV4;
	else if (!strcmp(text, "inet6") || !strcmp(text, "ipv6") ||
		 !strcmp(text, "-6"))
		set->family = FAMILY_IPV6;
	else
		return err_input(file->err,
				 "'%.64s' is not a family: expected inet or "
				 "inet6",
				 text);
	return 0;
}

static int read_netmask(const struct sets_file *file, size_t *next,
			struct ipset *set)
{
	const unsigned int width = set->family == FAMILY_IPV6 ? 128 : 32;
	uint32_t bits;
	int result = read_number(file, next, "a netmask", &bits);

	if (result)
		return result;
	if (!bits || bits > width)
		return err_input(file->err,
				 "the netmask %u is none: expected 1 to %u",
				 bits, width);
	set->host_bits = width - bits;
	return 0;
}

/* Options that change nothing about what is in a set. */
static bool is_without_meaning(const char *name, bool *has_value)
{
	static const char *const values[] = {
		"hashsize", "maxelem", "bucketsize", "initval",
		"range",    "from",    "to",	     "network",
		"size",	    "probes",  "resize",     "gc"
	};
	static const char *const flags[] = { "comment", "skbinfo", "forceadd" };

	*has_value = true;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (!strcmp(name, values[i]))
			return true;
	}
	*has_value = false;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (!strcmp(name, flags[i]))
			return true;
	}
	return false;
}

static int read_create_option(const struct sets_file *file, size_t *next,
			      struct ipset_draft *draft)
{
	const char *name = file->words.words[(*next)++].text;
	bool has_value;

	if (!strcmp(name, "family"))
		return read_family(file, next, draft->set);
	if (!strcmp(name, "netmask"))
		return read_netmask(file, next, draft->set);
	if (!strcmp(name, "timeout"))
		return read_number(file, next, "a timeout", &draft->timeout);
	if (!strcmp(name, "counters")) {
		draft->set->has_counters = true;
		return 0;
	}
	if (is_without_meaning(name, &has_value))
		return has_value && !read_word(file, next) ? -EINVAL : 0;
	/* How many words belong to it nobody knows. */
	draft->set->unknown = "the set has an option that wirewall does not "
			      "know";
	*next = file->words.count;
	return 0;
}

/* The family comes before what depends on it, wherever it stands. */
static int read_create_options(const struct sets_file *file, size_t next,
			       struct ipset_draft *draft)
{
	struct ipset *set = draft->set;
	int result = 0;

	for (size_t i = next; i < file->words.count && !result; i++) {
		size_t value = i + 1;

		if (!strcmp(file->words.words[i].text, "family"))
			result = read_family(file, &value, set);
	}
	while (next < file->words.count && !result)
		result = read_create_option(file, &next, draft);
	return result;
}

static int read_create(struct sets_file *file, unsigned int line)
{
	const struct word *words = file->words.words;
	struct ipset *set = arena_alloc(file->arena, sizeof(*set));

	if (!set)
		return err_no_memory(file->err);
	if (file->words.count < 3)
		return err_input(file->err,
				 "expected a name and a type, as in 'create "
				 "bad hash:net'");
	if (find(file, words[1].text))
		return err_input(file->err, "the set '%.64s' was there already",
				 words[1].text);
	*set = (struct ipset){
		.name = words[1].text,
		.type_name = words[2].text,
		.type = find_type(words[2].text),
		.family = FAMILY_IPV4,
		.line = line,
	};
	if (set->type == IPSET_UNKNOWN || !types[set->type].is_modelled)
		set->unknown = "sets of this type are not modelled";
	if (set->type == IPSET_BITMAP_PORT || set->type == IPSET_LIST_SET)
		set->family = 0;

	struct ipset_draft *draft = add_draft(file, set);
	if (!draft)
		return err_no_memory(file->err);
	return set->unknown ? 0 : read_create_options(file, 3, draft);
}

/* What stands behind an element. */
static int read_add_options(const struct sets_file *file,
			    struct ipset_draft *draft, bool *is_nomatch)
{
	uint32_t timeout = draft->timeout;
	int result = 0;

	*is_nomatch = false;
	for (size_t next = 3; next < file->words.count && !result;) {
		const char *name = file->words.words[next++].text;

		if (!strcmp(name, "nomatch"))
			*is_nomatch = true;
		else if (!strcmp(name, "timeout"))
			result =
				read_number(file, &next, "a timeout", &timeout);
		else if (!strcmp(name, "before") || !strcmp(name, "after"))
			return err_input(file->err,
					 "'%.64s' is not understood: expected "
					 "members in their order, as ipset "
					 "save prints them",
					 name);
		else if (!read_word(file, &next))
			return -EINVAL;
	}
	draft->has_temporary |= timeout != 0;
	return result;
}

static int add_member(struct sets_file *file, struct ipset_draft *draft,
		      const char *name)
{
	const struct ipset_draft *member = find(file, name);

	if (!member)
		return err_input(file->err,
				 "there is no set '%.64s' to be a member: "
				 "expected its 'create' before this line",
				 name);
	if (member->set->type == IPSET_LIST_SET)
		return err_input(file->err,
				 "'%.64s' is a list itself, and lists cannot "
				 "be members",
				 name);
	return ipset_draft_member(draft, member->set) ? err_no_memory(file->err)
						      : 0;
}

static int read_add(struct sets_file *file)
{
	const struct word *words = file->words.words;
	struct ipset_draft *draft;
	bool is_nomatch;

	if (file->words.count < 3)
		return err_input(file->err,
				 "expected a set and an element, as in 'add "
				 "bad 192.0.2.0/24'");
	draft = find(file, words[1].text);
	if (!draft)
		return err_input(file->err,
				 "there is no set '%.64s': expected its "
				 "'create' before this line",
				 words[1].text);
	if (draft->set->unknown)
		return 0;

	int result = read_add_options(file, draft, &is_nomatch);
	if (result)
		return result;
	if (draft->set->type == IPSET_LIST_SET)
		return add_member(file, draft, words[2].text);
	return ipset_element_add(draft, words[2].text, is_nomatch, file->err);
}

/* The arena for the words of a line: of elements no word is kept. */
static struct arena *words_arena(struct sets_file *file,
				 const struct line *line)
{
	if (line->text[0] != 'a')
		return file->arena;
	if (file->scratch && arena_used(file->scratch) > SCRATCH_MAX) {
		arena_free(file->scratch);
		file->scratch = NULL;
	}
	if (!file->scratch)
		file->scratch = arena_make();
	return file->scratch;
}

static int read_line(struct sets_file *file, const struct line *line)
{
	unsigned int column = 1;
	int result = lex_check(line, &column, file->err);

	if (result || !line->length || line->text[0] == '#')
		return result;

	struct arena *arena = words_arena(file, line);
	if (!arena)
		return err_no_memory(file->err);
	result = lex_words(arena, line, &file->words, &column, file->err);
	if (result || !file->words.count)
		return result;

	const char *first = file->words.words[0].text;
	if (!strcmp(first, "create"))
		return read_create(file, line->number);
	if (!strcmp(first, "add"))
		return read_add(file);
	if (!strcmp(first, "COMMIT"))
		return 0;
	return err_input(file->err,
			 "'%.64s' is not a line of ipset save: expected "
			 "'create' or 'add'",
			 first);
}

/* What a member has that is not known makes its list unknown. */
static void spread_unknown(struct ipset *set)
{
	for (size_t i = 0; i < set->member_count; i++) {
		set->has_counters |= set->members[i]->has_counters;
		if (!set->unknown)
			set->unknown = set->members[i]->unknown;
	}
}

static int finish(struct sets_file *file, struct ipsets *sets)
{
	sets->items = arena_alloc(file->arena,
				  (file->count + 1) * sizeof(*sets->items));
	if (!sets->items)
		return err_no_memory(file->err);
	for (size_t i = 0; i < file->count; i++) {
		if (ipset_draft_finish(&file->drafts[i], file->arena))
			return err_no_memory(file->err);
		sets->items[sets->count++] = file->drafts[i].set;
	}
	for (size_t i = 0; i < sets->count; i++)
		spread_unknown(sets->items[i]);
	return 0;
}

static int read_lines(struct sets_file *file, const char *text, size_t length)
{
	const char *at = text, *end = text + length;
	struct line line = { 0 };

	while (lex_line(&at, end, &line)) {
		int result = read_line(file, &line);

		if (result && result != -ENOMEM)
			err_where(file->err, "line %u", line.number);
		if (result)
			return result;
	}
	return 0;
}

int ipset_read(const char *text, size_t length, const char *source,
	       struct ipsets **out, struct err *err)
{
	__attribute__((cleanup(sets_file_free))) struct sets_file file = {
		.arena = arena_make(),
		.err = err,
	};
	OWN(ipsets) struct ipsets *sets = NULL;

	if (!file.arena)
		return err_no_memory(err);
	sets = arena_alloc(file.arena, sizeof(*sets));
	if (!sets) {
		arena_free(file.arena);
		return err_no_memory(err);
	}
	sets->arena = file.arena;
	sets->source = arena_text(file.arena, source, strlen(source));
	if (!sets->source)
		return err_no_memory(err);

	int result = read_lines(&file, text, length);
	if (!result)
		result = finish(&file, sets);
	if (result == -EINVAL)
		err_where(err, "%s", source);
	if (!result)
		*out = take(sets);
	return result;
}

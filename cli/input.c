// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "cli/child.h"
#include "cli/input.h"
#include "cli/input_sets.h"
#include "cli/say.h"
#include "rules/read.h"

static struct ruleset **slot(struct input *input, enum family family)
{
	return family == FAMILY_IPV4 ? &input->ipv4 : &input->ipv6;
}

/* Say all of several errors; what remains for the caller is their number. */
static int say_all(const struct read_errors *errors, const char *source,
		   int result, struct err *err)
{
	if (errors->count < 2)
		return result;
	for (size_t i = 0; i < errors->count; i++) {
		const struct read_error *error = &errors->errors[i];
		struct err each;

		err_input(&each, "%s: line %u, column %u: %s", source,
			  error->line, error->column, error->text);
		say_error(&each);
	}
	return err_input(err, "%s: %s%zu errors: nothing was done", source,
			 errors->count == READ_ERRORS_MAX ? "the first " : "",
			 errors->count);
}

/* @family 0: whatever the file is. */
static int read_file(const char *path, int family, struct input *out,
		     struct err *err)
{
	OWN(ruleset) struct ruleset *rules = NULL;
	struct read_errors errors = { 0 };
	const char *source = strcmp(path, "-") ? path : "<stdin>";
	int result = read_rules_file(path, family, &rules, &errors, err);

	if (result < 0)
		return say_all(&errors, source, result, err);

	struct ruleset **to = slot(out, rules->family);
	*to = take(rules);
	return 0;
}

int input_read_file(const char *path, struct input *out, struct err *err)
{
	*out = (struct input){ 0 };
	return read_file(path, 0, out, err);
}

/* How the host's rules are read. */
struct reading {
	const char *programs[2]; /* of IPv4 and IPv6 */
	bool is_quiet;		 /* without their warnings */
	bool is_counted;	 /* with counters; nothing is said at all */
};

static int read_kernel(const struct reading *reading, enum family family,
		       struct input *out, struct err *err)
{
	const char *program = reading->programs[family == FAMILY_IPV6];
	OWN_BUF struct buf text = BUF_INIT;
	OWN_BUF struct buf notes = BUF_INIT;
	struct read_errors errors = { 0 };
	int result = child_read(program, reading->is_counted ? "-c" : NULL,
				&text, &notes, err);

	if (result < 0)
		return result;
	/* Such as: there are tables that only iptables-legacy-save shows. */
	if (notes.length && !reading->is_quiet && !reading->is_counted)
		say_warning("%s says: %s", program, buf_text(&notes));
	result = read_rules(buf_text(&text), text.length, program, family,
			    slot(out, family), &errors, err);
	if (result < 0)
		return reading->is_counted
			       ? result
			       : say_all(&errors, program, result, err);
	(*slot(out, family))->is_loaded = true;
	return 0;
}

static int read_both(const struct reading *reading, struct input *out,
		     struct err *err)
{
	OWN_INPUT struct input input = { 0 };
	int result = read_kernel(reading, FAMILY_IPV4, &input, err);

	if (result == 0)
		result = read_kernel(reading, FAMILY_IPV6, &input, err);
	if (result < 0)
		return result;
	out->ipv4 = take(input.ipv4);
	out->ipv6 = take(input.ipv6);
	return 0;
}

int input_read_kernel(bool is_quiet, struct input *out, struct err *err)
{
	const struct reading reading = {
		.programs = { "iptables-save", "ip6tables-save" },
		.is_quiet = is_quiet,
	};

	return read_both(&reading, out, err);
}

static const struct reading legacy = {
	.programs = { "iptables-legacy-save", "ip6tables-legacy-save" },
	.is_counted = true,
};
static const struct reading nft = {
	.programs = { "iptables-nft-save", "ip6tables-nft-save" },
	.is_counted = true,
};
/* Where there is only one kind. */
static const struct reading unnamed = {
	.programs = { "iptables-save", "ip6tables-save" },
	.is_counted = true,
};

int input_read_legacy(struct input *out, struct err *err)
{
	return read_both(&legacy, out, err);
}

int input_read_nft(struct input *out, struct err *err)
{
	return read_both(&nft, out, err);
}

int input_read_places(struct input places[2], struct err *err)
{
	bool is_read;

	places[0] = places[1] = (struct input){ 0 };
	is_read = input_read_legacy(&places[0], err) == 0;
	is_read |= input_read_nft(&places[1], err) == 0;
	return is_read ? 0 : read_both(&unnamed, &places[1], err);
}

static int check(const struct options *options, struct err *err)
{
	bool has_file = options->rules || options->rules6;

	if (!has_file && !options->from_kernel && !options->block)
		return err_set(err, ERR_USAGE, EINVAL,
			       "which rules? Give --rules FILE, --block FILE, "
			       "or --from-kernel for those that are loaded");
	if (has_file && options->from_kernel)
		return err_set(err, ERR_USAGE, EINVAL,
			       "--from-kernel and --rules exclude each other");
	if (options->rules && options->rules6 && !strcmp(options->rules, "-") &&
	    !strcmp(options->rules6, "-"))
		return err_set(err, ERR_USAGE, EINVAL,
			       "--rules and --rules6 cannot both be stdin");
	return 0;
}

static int read_rules_given(const struct options *options, struct input *out,
			    struct err *err)
{
	int family = options->rules6 ? FAMILY_IPV4 : 0;
	int result = 0;

	if (options->from_kernel)
		return input_read_kernel(options->is_quiet, out, err);
	if (options->rules)
		result = read_file(options->rules, family, out, err);
	if (result == 0 && options->rules6)
		result = read_file(options->rules6, FAMILY_IPV6, out, err);
	return result;
}

int input_read(const struct options *options, struct input *out,
	       struct err *err)
{
	OWN_INPUT struct input input = { 0 };
	int result = check(options, err);

	*out = (struct input){ 0 };
	if (result == 0)
		result = read_rules_given(options, &input, err);
	if (result == 0 && options->block)
		result = input_sets_block(options->block, &input, err);
	if (result == 0)
		result = input_sets_bind(options, &input, err);
	if (result < 0)
		return result;
	*out = input;
	input = (struct input){ 0 };
	return 0;
}

void input_free(struct input *input)
{
	ruleset_free(input->ipv4);
	ruleset_free(input->ipv6);
	ipsets_free(input->sets);
	block_list_free(input->block);
}

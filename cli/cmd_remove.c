// SPDX-License-Identifier: GPL-2.0-only
#include "cli/command.h"
#include "cli/say.h"
#include "fallback/apply.h"

/*
 * One that fails does not keep the others attached; of failures the last is
 * in @err, and those before it are told. Names that are done come first.
 */
static int remove_each(const struct options *options,
		       struct report_removed *out, struct err *err)
{
	size_t done = 0;
	int failed = 0;

	for (size_t i = 0; i < options->arg_count; i++) {
		struct err why;
		int result = apply_remove(options->args[i], &why);

		if (result == 0) {
			options->args[done++] = options->args[i];
			continue;
		}
		if (failed)
			say_error(err);
		*err = why;
		failed = result;
	}
	*out = (struct report_removed){
		.ifaces = (const char *const *)options->args,
		.count = done,
	};
	return failed;
}

int cmd_remove(const struct options *options, struct err *err)
{
	struct report_style style = say_style();
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_removed removed;
	struct err unwritten;
	int result = remove_each(options, &removed, err);

	/* Also on failure: what was taken off is off. */
	if (result < 0 && !removed.count)
		return result;
	say_format(options)->removed(&buf, &style, &removed);
	int written = say_done(&buf, "taken off", &unwritten);
	if (result == 0 && written < 0)
		*err = unwritten;
	return result ? result : written;
}

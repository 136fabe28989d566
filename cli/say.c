// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "cli/say.h"
#include "report/escape.h"
#include "report/json.h"
#include "report/text.h"

#define WIDTH_DEFAULT 80 /* a terminal that does not tell */

static void say(const char *kind, const char *text)
{
	OWN_BUF struct buf line = BUF_INIT;

	buf_addf(&line, "wirewall: %s", kind);
	escape_add_lines(&line, text);
	buf_add(&line, "\n");
	fputs(buf_text(&line), stderr);
}

void say_error(const struct err *err)
{
	say("", err->text);
}

void say_warning(const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say("warning: ", text);
}

void say_note(const char *where, const char *text)
{
	OWN_BUF struct buf line = BUF_INIT;

	buf_addf(&line, "%s: %s", where, text);
	say("", buf_text(&line));
}

void say_line(const char *name, const char *text)
{
	OWN_BUF struct buf line = BUF_INIT;

	buf_addf(&line, "[%s] ", name);
	escape_add(&line, text); /* a line feed would begin a line of nobody */
	say("", buf_text(&line));
}

const struct report_format *say_format(const struct options *options)
{
	return options->json ? &json_format : &text_format;
}

/* https://no-color.org, and terminals that have none. */
static bool has_colours(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return !(no_color && *no_color) && term && strcmp(term, "dumb");
}

struct report_style say_style(void)
{
	struct report_style style = { 0 };
	struct winsize size = { 0 };

	if (!isatty(STDOUT_FILENO))
		return style;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		size.ws_col = WIDTH_DEFAULT;
	style.width = size.ws_col;
	style.is_coloured = has_colours();
	return style;
}

int say_report(const struct buf *buf, struct err *err)
{
	if (buf->has_failed)
		return err_no_memory(err);
	if (fwrite(buf_text(buf), 1, buf->length, stdout) != buf->length ||
	    fflush(stdout))
		return err_system(err, errno, "cannot write standard output");
	return 0;
}

int say_done(const struct buf *buf, const char *done, struct err *err)
{
	int result = say_report(buf, err);

	if (result < 0)
		err_where(err, "%s, but not told", done);
	return result;
}

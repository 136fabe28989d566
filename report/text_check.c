// SPDX-License-Identifier: GPL-2.0-only
#include "report/escape.h"
#include "report/grid.h"
#include "report/text.h"

static void print_line(struct buf *buf, const struct report_style *style,
		       const char *head, const char *text)
{
	OWN_BUF struct buf line = BUF_INIT;

	escape_add(&line, text);
	buf_addf(buf, "    %s", head);
	grid_wrap(buf, buf_text(&line), 10, style->width);
	buf_add(buf, "\n");
	buf->has_failed |= line.has_failed;
}

/* Where it is: in the source, else the instruction, else the map or nowhere. */
static void print_place(struct buf *buf, const struct check_finding *finding)
{
	if (finding->file && *finding->file) {
		escape_add(buf, finding->file);
		buf_addf(buf, ":%u: ", finding->line);
	}
	if (finding->has_insn)
		buf_addf(buf, "instruction %zu: ", finding->insn);
	else if (finding->map)
		buf_add(buf, "map: ");
}

static void print_finding(struct buf *buf, const struct report_style *style,
			  const struct check_finding *finding)
{
	buf_add(buf, "  ");
	print_place(buf, finding);
	text_paint(buf, style, finding->is_trap ? TEXT_YELLOW : TEXT_RED,
		   finding->rule);
	if (*finding->detail) {
		buf_add(buf, " (");
		escape_add(buf, finding->detail);
		buf_add(buf, ")");
	}
	buf_add(buf, "\n");
	if (finding->text && *finding->text) {
		buf_add(buf, "    | ");
		escape_add(buf, finding->text);
		buf_add(buf, "\n");
	}
	print_line(buf, style, "rule: ", finding->says);
	print_line(buf, style, "write: ", finding->instead);
	print_line(buf, style, "source: ", finding->source);
}

static const char *verdict_of(const struct check_program *program)
{
	if (program->is_refused)
		return "refused";
	return program->count ? "accepted, but does something else"
			      : "accepted";
}

static void print_driver(struct buf *buf, const struct report_style *style,
			 const struct check_driver *driver)
{
	buf_add(buf, "  the driver of ");
	escape_add(buf, driver->iface);
	buf_add(buf, ": ");
	if (driver->is_accepted) {
		text_paint(buf, style, TEXT_GREEN, "accepted");
		buf_addf(buf, ", %u of the card's instructions\n",
			 driver->card_insns);
		return;
	}
	text_paint(buf, style, TEXT_RED, "refused");
	buf_addf(buf, " (%s): ", driver->stage);
	escape_add(buf, *driver->words ? driver->words : "without a word");
	buf_add(buf, "\n");
}

static void print_program(struct buf *buf, const struct report_style *style,
			  const struct report_check *check,
			  const struct check_program *program)
{
	enum text_colour colour = program->is_refused ? TEXT_RED
				  : program->count    ? TEXT_YELLOW
						      : TEXT_GREEN;

	text_paint(buf, style, TEXT_BOLD, program->name);
	buf_addf(buf, ": %s: ", check->target);
	text_paint(buf, style, colour, verdict_of(program));
	if (program->card_insns)
		buf_addf(buf,
			 " (%zu instructions, about %u of the card's, %u bytes "
			 "of stack)",
			 program->insns, program->card_insns, program->stack);
	buf_add(buf, "\n");
	for (size_t i = 0; i < program->count; i++)
		print_finding(buf, style, &program->findings[i]);
	if (program->driver)
		print_driver(buf, style, program->driver);
}

void text_check(struct buf *buf, const struct report_style *style,
		const struct report_check *check)
{
	for (size_t i = 0; i < check->count; i++)
		print_program(buf, style, check, &check->programs[i]);
}

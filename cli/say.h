/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What reaches the person: reports on standard output, everything else on
 * standard error, each sentence behind "wirewall: ".
 */
#include "cli/options.h"
#include "report/report.h"

void say_error(const struct err *err);
void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What is going on, while somebody waits. */
void say_note(const char *where, const char *text);

/* A line of a log: "wirewall: [name] text". */
void say_line(const char *name, const char *text);

/* The format that was asked for, and the terminal that it goes to. */
const struct report_format *say_format(const struct options *options);
struct report_style say_style(void);

/* Write a report; ERR_SYSTEM when it cannot be written whole. */
int say_report(const struct buf *buf, struct err *err);

/* The same about what is done: a sentence says that it is, all the same. */
int say_done(const struct buf *buf, const char *done, struct err *err);

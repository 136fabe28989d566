/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * One failure, as a sentence for the person who has to act on it.
 *
 * Whoever first understands a failure writes the sentence (what was seen, what
 * was expected, what to do); callers on the way up add only where it happened
 * (err_where). Only cli/ prints it. A struct err needs no initialisation and
 * no freeing.
 */

/* What kind of failure decides the exit code (README.md). */
enum err_kind {
	ERR_USAGE = 1,	/* the command line is off */
	ERR_INPUT = 2,	/* a file or rule is not what it should be */
	ERR_SYSTEM = 3, /* the kernel or the machine refused */
	ERR_LESS = 4,	/* a lower tier or less coverage than asked for */
};

struct err {
	enum err_kind kind;
	char text[2048];
};

/*
 * Write the sentence. @errnum is a positive errno; for ERR_SYSTEM its text is
 * appended when @errnum is not 0. Returns -@errnum, or -EINVAL for 0, so that
 * a caller can write `return err_set(...)`.
 */
int err_set(struct err *err, enum err_kind kind, int errnum, const char *format,
	    ...) __attribute__((format(printf, 4, 5)));

/* Short for err_set(err, ERR_INPUT, EINVAL, ...). */
int err_input(struct err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Short for err_set(err, ERR_SYSTEM, errnum, ...). */
int err_system(struct err *err, int errnum, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Short for err_system(err, ENOMEM, "out of memory"). */
int err_no_memory(struct err *err);

/* Put "place: " in front of the sentence. */
void err_where(struct err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

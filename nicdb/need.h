/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What a driver asks of its device before it takes a program, as arithmetic on
 * what the kernel tells about the device:
 *
 *	mtu <= 3498			2*combined <= combined-max
 *	feature:rx-lro = 0		firmware-app is ebpf
 *
 * and templates of commands that make it so: `ip link set dev {if} mtu 3498`.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define NEED_TERMS_MAX 4
#define NEED_WORDS_MAX 8

/* @factor times what is called @name; NULL: the factor itself. */
struct need_term {
	int64_t factor;
	const char *name;
};

struct need_sum {
	struct need_term terms[NEED_TERMS_MAX];
	size_t count;
};

enum need_op {
	NEED_AT_MOST,  /* <= */
	NEED_AT_LEAST, /* >= */
	NEED_EQUAL,    /* = */
	NEED_IS,       /* the left side's text is one of the words */
	NEED_NOT,      /* none of them */
};

struct need_test {
	const char *text; /* as written */
	struct need_sum left, right;
	enum need_op op;
	const char *words[NEED_WORDS_MAX];
	size_t word_count;
};

/* What something is called, and is. */
struct need_value {
	int64_t number;
	char text[96]; /* of names that are words, otherwise "" */
};

/* Fill *@out; false: not known. */
typedef bool (*need_lookup)(void *context, const char *name,
			    struct need_value *out);

/*
 * Parse @text into @out, with memory of @arena. -EINVAL says what was seen and
 * what was expected; -ENOMEM.
 */
int need_parse(const char *text, struct arena *arena, struct need_test *out,
	       struct err *err);

enum need_answer {
	NEED_MET,
	NEED_NOT_MET,
	NEED_UNKNOWN, /* something that it speaks of is not known */
};
enum need_answer need_ask(const struct need_test *test, need_lookup lookup,
			  void *context);

/*
 * Append the template with {NAME}, {NAME+N}, {NAME-N}, {NAME*N} and {NAME/N}
 * replaced; {limit} is the right side of @test (which may be NULL). What is
 * not known becomes its name in capitals, and the result false: the text is to
 * be completed by a person.
 */
bool need_fill(struct buf *buf, const char *template,
	       const struct need_test *test, need_lookup lookup, void *context);

/* 0, or -EINVAL for a template whose braces are wrong. */
int need_check_template(const char *template, struct err *err);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * JSON values on top of jansson. Memory running out is remembered by the
 * writer instead of returned by each call; reading takes anything for absent
 * that is not what it should be.
 */
#include <jansson.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

/* The version of what is described in docs/json.md. */
#define JSONIO_VERSION 1

#define OWN_JSON __attribute__((cleanup(jsonio_cleanup)))
static inline void jsonio_cleanup(json_t **value)
{
	json_decref(*value);
}

struct jsonio {
	bool has_failed;
};

/* New values, never NULL unless the writer has failed. */
json_t *jsonio_object(struct jsonio *io);
json_t *jsonio_array(struct jsonio *io);

/* Members; @value is taken over. NULL texts become null. */
void jsonio_put(struct jsonio *io, json_t *object, const char *key,
		json_t *value);
void jsonio_put_text(struct jsonio *io, json_t *object, const char *key,
		     const char *text);
void jsonio_put_number(struct jsonio *io, json_t *object, const char *key,
		       uint64_t number);
void jsonio_put_bool(struct jsonio *io, json_t *object, const char *key,
		     bool value);
void jsonio_append(struct jsonio *io, json_t *array, json_t *value);
void jsonio_append_text(struct jsonio *io, json_t *array, const char *text);

/* A document of this @kind: an object with the schema's version. */
json_t *jsonio_document(struct jsonio *io, const char *kind);

/*
 * Append @document, which is released, in ASCII (nothing in it can reach a
 * terminal's controls) and with a line feed.
 */
void jsonio_print(struct jsonio *io, json_t *document, struct buf *buf);

/* A member as text copied to @arena, or NULL. */
const char *jsonio_get_text(const json_t *object, const char *key,
			    struct arena *arena);
/* A member as a number of 0..@max, or 0. */
uint64_t jsonio_get_number(const json_t *object, const char *key, uint64_t max);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Reports for machines, as docs/json.md describes them: one document each,
 * with "version" and "kind". Each part is in json_PART.c; the parts that
 * return a json_t give NULL only when the writer has failed.
 */
#include "report/jsonio.h"
#include "report/report.h"

extern const struct report_format json_format;

/* {"family", "table", "chain", "number", "line", "text"} */
json_t *json_rule(struct jsonio *io, enum family family,
		  const struct table *table, const struct chain *chain,
		  const struct rule *rule);
/* [{"tier", "reason", "sentence", "text"}] */
json_t *json_steps(struct jsonio *io, const struct record_step *steps,
		   size_t count);

json_t *json_rulesets(struct jsonio *io, const struct report_rules *rules);
json_t *json_plan(struct jsonio *io, const struct report_plan *report);
json_t *json_attached(struct jsonio *io, const struct report_attached *attached,
		      bool has_counters);
json_t *json_sections(struct jsonio *io, const struct report_config *config);
json_t *json_diff(struct jsonio *io, const struct diff *change);
/* The members of a document about capabilities. */
void json_put_caps(struct jsonio *io, json_t *root,
		   const struct report_caps *caps);
/* The whole document. */
json_t *json_check(struct jsonio *io, const struct report_check *check);
json_t *json_explanation(struct jsonio *io,
			 const struct explanation *explained);

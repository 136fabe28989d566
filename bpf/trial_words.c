// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/trial_words.h"

/* nfp says in the kernel's log why it refuses a map or cannot translate. */
#define DRIVER_PREFIX "NFP net bpf: "
/* ... and in the verifier's what it does not let pass. */
#define DRIVER_VERIFIER "[nfp] "

void trial_words_of_record(const char *record, char *to, size_t size)
{
	/* facility and time; the text; more lines */
	const char *text = strchr(record, ';');

	if (!text || strncmp(text + 1, DRIVER_PREFIX, strlen(DRIVER_PREFIX)))
		return;
	text += 1 + strlen(DRIVER_PREFIX);
	snprintf(to, size, "%.*s", (int)strcspn(text, "\n"), text);
}

static bool is_statistics(const char *line)
{
	return !strncmp(line, "processed ", 10) ||
	       !strncmp(line, "mark_precise", 12) ||
	       !strncmp(line, "verification time", 17) ||
	       !strncmp(line, "stack depth", 11);
}

/* The driver's last line of the verifier's log, or the last that says something:
 * its warnings come first. */
static void verifier_words(const char *log, char *to, size_t size)
{
	const char *best = NULL;

	for (const char *at = log; *at;) {
		size_t length = strcspn(at, "\n");

		if (!strncmp(at, DRIVER_VERIFIER, strlen(DRIVER_VERIFIER)))
			best = at + strlen(DRIVER_VERIFIER);
		else if (!best && length && *at != ';' && !is_statistics(at))
			snprintf(to, size, "%.*s", (int)length, at);
		at += length + (at[length] == '\n');
	}
	if (best)
		snprintf(to, size, "%.*s", (int)strcspn(best, "\n"), best);
}

/* libbpf's last line, without what it tries again by itself. */
static void libbpf_words(const char *said, char *to, size_t size)
{
	static const char prefix[] = "libbpf: ";

	while (*said) {
		size_t length = strcspn(said, "\n");
		size_t skip = strncmp(said, prefix, strlen(prefix))
				      ? 0
				      : strlen(prefix);
		OWN_MEM char *line = strndup(said + skip, length - skip);

		if (line && *line && !strstr(line, "Retrying") &&
		    !strstr(line, "failed to load object"))
			snprintf(to, size, "%s", line);
		said += length + (said[length] == '\n');
	}
}

/* libbpf makes the maps first and says so only in words. */
static bool is_map_refusal(const char *said)
{
	return strstr(said, "failed to create") || strstr(said, "map '");
}

void trial_words_judge(struct trial *trial, const char *log, const char *said,
		       const char *kernel)
{
	/* It translates what the verifier has passed. */
	if (*kernel && *log && !strstr(log, DRIVER_VERIFIER))
		trial->stage = TRIAL_JIT;
	else if (*log)
		trial->stage = TRIAL_VERIFIER;
	else if (is_map_refusal(said))
		trial->stage = TRIAL_MAP;
	else
		trial->stage = TRIAL_LOAD;
	if (*kernel)
		snprintf(trial->words, sizeof(trial->words), "%s", kernel);
	else if (*log)
		verifier_words(log, trial->words, sizeof(trial->words));
	else
		libbpf_words(said, trial->words, sizeof(trial->words));
}

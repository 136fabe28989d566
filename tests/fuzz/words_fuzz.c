// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words of others out of which a sentence is made: the verifier's log, what
 * libbpf prints, records of the kernel's log. Form feeds part the three in the
 * input; each further part is one more record.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include "base/num.h"
#include "base/own.h"
#include "bpf/refusal.h"
#include "bpf/trial_words.h"
#include "net/klog.h"

#define PARTS_MAX 8
#define LOG	  0
#define SAID	  1
#define RECORDS	  2

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(const char *log)
{
	struct err err;
	int result = refusal_set(&err, EINVAL, "the kernel refused it", log);

	assert(result == -EINVAL);
	assert(!strncmp(err.text, "the kernel refused it", 21));
	assert(!strchr(err.text, '\n'));
}

static void check_trial(const char *log, const char *said, const char *record)
{
	struct trial trial = { 0 };
	char kernel[256] = "";

	trial_words_of_record(record, kernel, sizeof(kernel));
	assert(!*kernel || strstr(record, kernel));
	trial_words_judge(&trial, log, said, kernel);
	assert(trial.stage != TRIAL_ACCEPTED && trial_stage_name(trial.stage));
	assert(!strchr(trial.words, '\n'));
	assert(strstr(*kernel ? kernel : *log ? log : said, trial.words));
}

/* Each write to a packet pipe is one record, as of /dev/kmsg. */
static void check_log(char *const *records, size_t count)
{
	static const char *const words[] = { "nfp", "eth7" };
	char line[128];
	int ends[2];

	if (pipe2(ends, O_DIRECT | O_NONBLOCK) < 0)
		return;
	OWN_FD int reading = ends[0];
	OWN_FD int writing = ends[1];
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(records[i]);

		if (length && length <= 4096 &&
		    write(writing, records[i], length) < 0)
			return;
	}
	klog_last(reading, words, ARRAY_SIZE(words), line, sizeof(line));
	assert(!strchr(line, '\n'));

	bool is_found = !*line;
	for (size_t i = 0; i < count; i++)
		is_found |= strstr(records[i], line) != NULL;
	assert(is_found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OWN_MEM char *text = strndup((const char *)data, size);
	char *parts[PARTS_MAX], *rest = text, *part;
	size_t count = 0;

	if (!text)
		return 0;
	while (count < PARTS_MAX && (part = strsep(&rest, "\f")))
		parts[count++] = part;
	check_refusal(parts[LOG]);
	if (count <= RECORDS)
		return 0;
	check_trial(parts[LOG], parts[SAID], parts[RECORDS]);
	check_log(parts + RECORDS, count - RECORDS);
	return 0;
}

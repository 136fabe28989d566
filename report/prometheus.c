// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "report/prometheus.h"

/* The text between the quotes of a label. */
static void add_value(struct buf *buf, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = *text;

		if (byte == '\\' || byte == '"')
			buf_addf(buf, "\\%c", byte);
		else if (byte == '\n')
			buf_add(buf, "\\n");
		else if (byte < 0x20 || byte >= 0x7f)
			buf_add(buf, "?"); /* it must be UTF-8 */
		else
			buf_addn(buf, text, 1);
	}
}

static void add_label(struct buf *buf, const char *name, const char *value)
{
	buf_addf(buf, ",%s=\"", name);
	add_value(buf, value ? value : "");
	buf_add(buf, "\"");
}

/* `metric{interface="eth0"`: labels may follow, add_number() ends it. */
static void begin(struct buf *buf, const char *metric,
		  const struct report_attached *attached)
{
	buf_addf(buf, "%s{interface=\"", metric);
	add_value(buf, attached->iface);
	buf_add(buf, "\"");
}

static void add_number(struct buf *buf, uint64_t number)
{
	buf_addf(buf, "} %" PRIu64 "\n", number);
}

static void add_head(struct buf *buf, const char *metric, const char *type,
		     const char *help)
{
	buf_addf(buf, "# HELP %s %s\n# TYPE %s %s\n", metric, help, metric,
		 type);
}

#define INFO	"wirewall_attached_info"
#define STOPPED "wirewall_stopped"
#define DROPS	"wirewall_dropped_packets_total"
#define EARLY	"wirewall_compared_early_packets_total"
#define HOST	"wirewall_compared_host_packets_total"

static void add_info(struct buf *buf, const struct report_attached *attached)
{
	char program[16];

	snprintf(program, sizeof(program), "%" PRIu32, attached->prog_id);
	begin(buf, INFO, attached);
	add_label(buf, "tier", tier_name(attached->tier));
	add_label(buf, "program", program);
	add_label(buf, "shadow", attached->is_shadow ? "true" : "false");
	add_number(buf, 1);
}

/* A rule without a record is its number. */
static void add_drops(struct buf *buf, const struct report_attached *attached,
		      size_t index)
{
	const struct record *record = attached->record;
	struct record_counter rule = { 0 };
	char number[24];

	if (record && index < record->counter_count)
		rule = record->counters[index];
	begin(buf, DROPS, attached);
	snprintf(number, sizeof(number), "%zu", index);
	add_label(buf, "counter", number);
	snprintf(number, sizeof(number), "%d", rule.family);
	add_label(buf, "family", rule.family ? number : "");
	add_label(buf, "table", rule.table);
	add_label(buf, "chain", rule.chain);
	snprintf(number, sizeof(number), "%u", rule.number);
	add_label(buf, "rule", rule.table ? number : "");
	add_number(buf, attached->drops[index]);
}

/* Both sides of the same time, or neither. */
static void add_shares(struct buf *buf, const struct report_attached *attached,
		       size_t count)
{
	add_head(buf, EARLY, "counter",
		 "Packets dropped early (shadow: that would have been) while "
		 "the host's own rules were counted, too; absent where these "
		 "are not known.");
	for (size_t i = 0; i < count; i++) {
		if (!attached[i].share || *attached[i].share->unknown)
			continue;
		begin(buf, EARLY, &attached[i]);
		add_number(buf, attached[i].share->early);
	}
	add_head(buf, HOST, "counter",
		 "Packets that the host's rules dropped in that time, of all "
		 "interfaces, by why they were not dropped early.");
	for (size_t i = 0; i < count; i++) {
		const struct share *share = attached[i].share;

		for (size_t j = 0;
		     share && !*share->unknown && j < share->left_count; j++) {
			begin(buf, HOST, &attached[i]);
			add_label(buf, "reason", share->left[j].reason);
			add_number(buf, share->left[j].packets);
		}
	}
}

void prometheus_add(struct buf *buf, const struct report_attached *attached,
		    size_t count)
{
	add_head(buf, INFO, "gauge", "What is attached to an interface.");
	for (size_t i = 0; i < count; i++)
		add_info(buf, &attached[i]);
	add_head(buf, STOPPED, "gauge",
		 "1: the program passes everything until it is planned anew.");
	for (size_t i = 0; i < count; i++) {
		begin(buf, STOPPED, &attached[i]);
		add_number(buf,
			   attached[i].is_stopped || (attached[i].is_expiring &&
						      !attached[i].expires_in));
	}
	add_head(buf, DROPS, "counter",
		 "Packets dropped early (shadow: that would have been), by "
		 "rule; begins again with each program.");
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < attached[i].drop_count; j++)
			add_drops(buf, &attached[i], j);
	}
	add_shares(buf, attached, count);
}

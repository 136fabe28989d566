// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cli/command.h"
#include "cli/packet_text.h"
#include "cli/pcap_file.h"
#include "cli/planning.h"
#include "cli/say.h"

/* More packets than anybody reads; keeps the report in memory bounded. */
#define PACKETS_MAX 100000

/* Explanations in the making; it owns their texts. */
struct answers {
	struct explanation *items;
	size_t count, size;
};

static void answers_cleanup(struct answers *answers)
{
	for (size_t i = 0; i < answers->count; i++)
		free((char *)answers->items[i].text);
	free(answers->items);
}

static int check(const struct options *options, struct err *err)
{
	if (!options->in)
		return err_set(err, ERR_USAGE, EINVAL,
			       "which interface does the packet come in by? "
			       "Give --in IF");
	if (!options->packet == !options->pcap)
		return err_set(err, ERR_USAGE, EINVAL,
			       "which packet? Give either --packet TEXT or "
			       "--pcap FILE");
	return 0;
}

/* Answer about one packet, NULL for a frame without one. */
static int answer(struct answers *answers, const struct options *options,
		  const struct plan *plan, const struct packet *packet,
		  unsigned int states, struct err *err)
{
	OWN_BUF struct buf text = BUF_INIT;

	if (answers->count == answers->size) {
		size_t size = answers->size ? 2 * answers->size : 16;
		struct explanation *items =
			reallocarray(answers->items, size, sizeof(*items));

		if (!items)
			return err_no_memory(err);
		answers->items = items;
		answers->size = size;
	}
	if (packet)
		packet_text_print(&text, packet);
	else
		buf_add(&text, "a frame without an IP packet");

	struct explain_question question = {
		.plan = plan,
		.text = buf_take(&text),
		.packet = packet,
		.states = states,
		.paths = {
			[EXPLAIN_INPUT] = options->path != PATH_FORWARD,
			[EXPLAIN_FORWARD] = options->path != PATH_INPUT,
		},
	};
	if (!question.text)
		return err_no_memory(err);
	explain_packet(&question, &answers->items[answers->count++]);
	return 0;
}

static int answer_text(struct answers *answers, const struct options *options,
		       const struct plan *plan, struct err *err)
{
	OWN_MEM struct packet_bytes *bytes = NULL;
	unsigned int states;
	int result = packet_text_parse(options->packet, &bytes, &states, err);

	if (result < 0) {
		err_where(err, "--packet");
		return result;
	}
	return answer(answers, options, plan, &bytes->packet, states, err);
}

static int answer_pcap(struct answers *answers, const struct options *options,
		       const struct plan *plan, struct err *err)
{
	OWN(pcap_file) struct pcap_file *file = NULL;
	struct packet packet;
	bool is_ip;
	int result = pcap_file_open(options->pcap, &file, err);

	if (result < 0)
		return result;
	for (;;) {
		result = pcap_file_next(file, &packet, &is_ip, err);
		if (result <= 0)
			return result;
		if (answers->count == PACKETS_MAX) {
			say_warning("only the first %d packets are explained",
				    PACKETS_MAX);
			return 0;
		}
		result = answer(answers, options, plan, is_ip ? &packet : NULL,
				CT_ALL, err);
		if (result < 0)
			return result;
	}
}

int cmd_explain(const struct options *options, struct err *err)
{
	OWN(planning) struct planning *planning = NULL;
	__attribute__((
		cleanup(answers_cleanup))) struct answers answers = { 0 };
	OWN_BUF struct buf buf = BUF_INIT;
	struct report_style style = say_style();
	char *iface = (char *)options->in;
	int result = check(options, err);

	if (result == 0)
		result =
			planning_make(options, &iface, 1, true, &planning, err);
	if (result < 0)
		return result;

	const struct plan *plan = planning->plans[0].plan;
	result = options->packet ? answer_text(&answers, options, plan, err)
				 : answer_pcap(&answers, options, plan, err);
	if (result < 0)
		return result;
	say_format(options)->explained(&buf, &style, answers.items,
				       answers.count);
	return say_report(&buf, err);
}

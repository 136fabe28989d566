// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a card makes of wirewall's own programs, for the guest:
 *
 *	cardload IF FILE...		each ruleset is applied as wirewall would,
 *					as if all destinations were this host's:
 *					one JSON object a line (make bench-hw)
 *	cardload IF SEED FIRST COUNT	random rulesets: each program must be
 *					taken, loaded and attached
 */
#include <bpf/bpf.h>
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <net/if.h>
#include <string.h>

#include "base/random.h"
#include "fallback/apply.h"
#include "net/klog.h"
#include "net/xdp.h"
#include "offload/card.h"
#include "rules/read.h"
#include "tests/lib/gen_rules.h"
#include "tests/lib/on_card.h"
#include "tests/lib/show.h"

/* A plan for the interface, by rules in text. */
struct made {
	struct on_card card;
	struct ruleset *rules;
	struct plan *plan;
};

static void made_clear(struct made *made)
{
	plan_free(made->plan);
	ruleset_free(made->rules);
}
#define OWN_MADE __attribute__((cleanup(made_clear)))

static int make(struct made *made, const char *iface, const char *text,
		size_t length, enum family family, struct err *err)
{
	struct plan_input *input = &made->card.input;
	int result = read_rules(text, length, "rules", family, &made->rules,
				NULL, err);

	if (result)
		return result;
	kernel_features_probe(&made->card.kernel);
	result = link_get(iface, &made->card.link, err);
	if (result)
		return result;
	input->iface = iface;
	if (family == FAMILY_IPV4)
		input->policy.ipv4 = made->rules;
	else
		input->policy.ipv6 = made->rules;
	return plan_make(input, &made->plan, err);
}

/* Every destination that a host may have. */
static void own_everything(struct locals *locals)
{
	locals->families[0].ranges[0] =
		(struct locals_range){ 0x01000000, 0xdfffffff };
	locals->families[0].count = 1;
}

static size_t count_lookups(const struct program *program)
{
	size_t end = program->lists[WIRE_IPV4].insn_count, count = 0;

	for (size_t i = 0; i < program->insn_count && i < end; i++)
		count += program->insns[i].code == (BPF_JMP | BPF_CALL);
	return count;
}

static size_t count_entries(const struct program *program)
{
	size_t count = program->outcome_count + program->rule_count + 1;

	for (size_t i = 0; i < program->tables.count; i++)
		count += program->tables.list[i].count;
	return count;
}

/* The card's instructions of a program that is attached. */
static size_t count_card_insns(uint32_t prog_id)
{
	OWN_FD int fd = bpf_prog_get_fd_by_id(prog_id);
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);

	return fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size)
		       ? 0
		       : info.jited_prog_len / 8;
}

static void tell(const char *path, const struct plan *plan,
		 const struct apply_result *result)
{
	const char *slash = strrchr(path, '/');
	const struct classified *list = &plan->card->lists[WIRE_IPV4];
	json_t *line =
		json_pack("{s:s, s:I, s:I, s:I, s:s, s:I, s:I, s:I, s:I, s:s}",
			  "rules", slash ? slash + 1 : path, "drop_rules",
			  (json_int_t)plan->drop_rule_count, "planned",
			  (json_int_t)plan->card_rule_count, "on_card",
			  (json_int_t)result->card_rules, "classifier",
			  list->by ? list->by->name : "none", "insns",
			  (json_int_t)plan->card->insn_count, "card_insns",
			  (json_int_t)count_card_insns(result->card_id),
			  "lookups", (json_int_t)count_lookups(plan->card),
			  "entries", (json_int_t)count_entries(plan->card),
			  "limit", result->card_limit);

	for (size_t i = 0; i < result->step_count; i++) {
		if (result->steps[i].tier == TIER_HW)
			json_object_set_new(line, "refused",
					    json_string(result->steps[i].text));
	}
	json_dumpf(line, stdout, JSON_ENSURE_ASCII);
	putchar('\n');
	fflush(stdout);
	json_decref(line);
}

static int apply_file(const char *iface, const char *path, struct err *err)
{
	OWN_MADE struct made made = { 0 };
	OWN_FILE FILE *file = fopen(path, "re");
	OWN_BUF struct buf text = BUF_INIT;
	struct apply_result result;
	char chunk[65536];
	size_t removed, length;
	struct err unseen;
	int error;

	if (!file)
		return err_system(err, errno, "%s", path);
	while ((length = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buf_addn(&text, chunk, length);
	on_card_init(&made.card);
	own_everything(&made.card.locals);
	error = make(&made, iface, buf_text(&text), text.length, FAMILY_IPV4,
		     err);
	if (error)
		return error;

	const struct apply_request request = { .plan = made.plan };
	error = apply_plans(&request, 1, &result, err);
	if (error)
		return error;
	tell(path, made.plan, &result);
	return apply_off(&removed, &unseen);
}

/* Load and attach a program alone. */
static int try_program(const struct program *program, int ifindex,
		       struct err *err)
{
	static const uint8_t digest[32];
	const struct load_options options = {
		.is_card = true,
		.ifindex = (uint32_t)ifindex,
		.tier = TIER_HW,
		.digest = digest,
	};
	OWN(loaded) struct loaded *loaded = NULL;
	int result = load_program(program, &options, &loaded, err);

	if (!result)
		result = xdp_attach(ifindex, XDP_MODE_HW, loaded->prog_fd, -1,
				    err);
	return result ? result
		      : xdp_detach(ifindex, XDP_MODE_HW, loaded->prog_fd, err);
}

/* Was it only too long, in the driver's own words? */
static bool is_too_long(int log)
{
	static const char *const words[] = { "instruction limit reached" };
	char line[256];

	klog_last(log, words, ARRAY_SIZE(words), line, sizeof(line));
	return *line;
}

/* 0; 1: there is none; 2: only a part is short enough. */
static int try_card(const struct plan *plan, int ifindex, struct err *err)
{
	OWN(program) struct program *part = NULL;
	OWN_FD int log = klog_begin();
	int result;

	if (!plan->card || !plan->card->can_drop)
		return 1;
	result = try_program(plan->card, ifindex, err);
	for (size_t keep = 512; keep && result < 0 && is_too_long(log);
	     keep /= 2) {
		program_free(take(part));
		result = card_shrink(plan,
				     &(struct card_share){ .keep = keep,
							   .of = 1024 },
				     &part, err);
		if (!result)
			result = try_program(part, ifindex, err);
	}
	return !result && part ? 2 : result;
}

static int try_random(const char *iface, uint64_t seed, size_t index,
		      struct err *err)
{
	OWN_MADE struct made made = { 0 };
	OWN_BUF struct buf text = BUF_INIT;
	struct random rnd = random_make(seed, index);
	const struct gen_rules_options options = {
		.family = index % 4 == 3 ? FAMILY_IPV6 : FAMILY_IPV4,
		.is_exact = random_chance(&rnd, 60),
	};
	int result;

	gen_rules_make(&text, &rnd, &options, index);
	on_card_init(&made.card);
	made.card.input.wishes.syn_is_new = random_chance(&rnd, 50);
	made.card.input.wishes.log_sample = random_chance(&rnd, 50) ? 10 : 0;
	result = make(&made, iface, buf_text(&text), text.length,
		      options.family, err);
	/* Rules name the interface of the tests' network. */
	if (!result)
		result = try_card(made.plan, if_nametoindex(iface), err);
	if (result < 0)
		show_lines("rules", buf_text(&text));
	return result;
}

static int do_random(const char *iface, char **numbers, struct err *err)
{
	uint64_t seed = strtoull(numbers[0], NULL, 10);
	size_t first = strtoull(numbers[1], NULL, 10);
	size_t count = strtoull(numbers[2], NULL, 10);
	size_t counts[3] = { 0 };

	for (size_t i = first; i < first + count; i++) {
		int result = try_random(iface, seed, i, err);

		if (result < 0) {
			printf("# ruleset %zu of seed %s\n", i, numbers[0]);
			return result;
		}
		counts[result]++;
	}
	printf("# %zu programs of random rulesets taken as they are, %zu cut "
	       "because they were too long, %zu rulesets without one\n",
	       counts[0], counts[2], counts[1]);
	return 0;
}

int main(int argc, char **argv)
{
	struct err err = { .text = "" };
	int result = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: %s IF FILE...|SEED FIRST COUNT\n",
			argv[0]);
		return 1;
	}
	if (argc == 5 && isdigit((unsigned char)argv[2][0]))
		result = do_random(argv[1], argv + 2, &err);
	for (int i = 2; i < argc && !isdigit((unsigned char)argv[2][0]); i++) {
		result = apply_file(argv[1], argv[i], &err);
		if (result)
			break;
	}
	if (result)
		printf("# %s\n", err.text);
	return result ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's iptables against rules/eval: random and hand-picked rulesets
 * are loaded into a namespace of our own, packets are sent to it over a veth,
 * and what the kernel did with each must be what eval says.
 */
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>

#include "rules/bind.h"
#include "rules/read.h"
#include "tests/lib/args.h"
#include "tests/lib/gen_packets.h"
#include "tests/lib/gen_rules.h"
#include "tests/lib/gen_sets.h"
#include "tests/lib/show.h"
#include "tests/lib/topology.h"
#include "tests/lib/traffic.h"
#include "tests/lib/view.h"
#include "tests/lib/watch.h"

/* One packet that was sent. */
struct sent {
	struct frame_spec spec;
	uint8_t frame[FRAME_MAX];
	size_t length;
	bool is_split; /* sent in two fragments */
};

struct kernel_diff {
	struct args args;
	const char *program;
	struct watch watch;
	struct random rnd;
	size_t index; /* of the ruleset */
	struct buf text;
	struct gen_sets sets; /* with --sets */
	struct ruleset *ruleset;
	struct ruleset prerouting; /* the same without INPUT and FORWARD */
	bool asks_extensions;	   /* matches about IPv6 extension headers */
	struct gen_packets *gen;
	struct traffic traffic; /* began before the rules came */
	int host_fd;
	struct sent *sent;
	struct fate *fates;
	size_t judged, dropped, unrouted, unmet, differences;
	size_t by_state[CT_STATE_COUNT];
};

static const char *command(const struct kernel_diff *diff, const char *verb)
{
	static char text[64];

	snprintf(text, sizeof(text), "ip%stables-%s-%s",
		 diff->args.family == FAMILY_IPV6 ? "6" : "",
		 diff->args.backend == BACKEND_NFT ? "nft" : "legacy", verb);
	return text;
}

/* Load rules; tables that they do not have become empty. */
static int load_rules(struct kernel_diff *diff, const char *rules,
		      struct err *err)
{
	OWN_BUF struct buf all = BUF_INIT;

	buf_add(&all, rules);
	if (!strstr(rules, "*raw\n"))
		buf_add(&all, "*raw\n:PREROUTING ACCEPT\nCOMMIT\n");
	if (!strstr(rules, "*mangle\n"))
		buf_add(&all, "*mangle\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n"
			      ":FORWARD ACCEPT\nCOMMIT\n");
	if (!strstr(rules, "*filter\n"))
		buf_add(&all, "*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n"
			      "COMMIT\n");
	return netns_run(command(diff, "restore"), buf_text(&all), err);
}

static void report(struct kernel_diff *diff, const struct sent *sent,
		   const struct fate *fate, const char *what)
{
	diff->differences++;
	printf("# difference: %s\n", what);
	show_lines("sets", buf_text(&diff->sets.text));
	show_lines("rules", buf_text(&diff->text));
	show_bytes("frame", sent->frame, sent->length);
	if (sent->is_split)
		printf("# sent in two fragments\n");
	show_bytes("met", fate->bytes, fate->length);
	printf("# kernel: state %s, %s, %s\n", show_state(fate->state),
	       !fate->has_path		    ? "no path"
	       : fate->path == HOOK_FORWARD ? "FORWARD"
					    : "INPUT",
	       fate->is_accepted ? "accepted" : "not accepted");
	args_print_repeat(&diff->args, diff->program, diff->index);
	fflush(stdout);
}

static void ask(const struct kernel_diff *diff, const struct packet *packet,
		const struct fate *fate, struct verdict *verdict)
{
	struct situation situation = {
		.backend = diff->args.backend,
		.state = fate->state ? fate->state : CT_INVALID,
		.path = fate->has_path ? fate->path : HOOK_INPUT,
		.in = TOPOLOGY_IN,
		/* Verdicts are compared: jumps to empty chains only count. */
		.ignore_counters = true,
		.addr_type = topology_addr_type,
	};
	char out[IFNAMSIZ] = "";

	if (fate->has_path && fate->path == HOOK_FORWARD)
		situation.out = if_indextoname(fate->out, out);
	eval_packet(fate->has_path ? diff->ruleset : &diff->prerouting, packet,
		    &situation, verdict);
}

/* Of later fragments some matches read what is not the header. */
static bool may_be_unsure(const struct packet *packet)
{
	struct transport transport;

	packet_transport(packet, true, &transport);
	return transport.fragment != 0;
}

/* It never came to INPUT or FORWARD: PREROUTING or routing ended it. */
static void judge_lost(struct kernel_diff *diff, const struct sent *sent,
		       const struct fate *fate, const struct verdict *verdict)
{
	bool is_dropped = verdict->outcomes == OUTCOME_DROP;

	if (fate->is_routed)
		diff->unrouted++;
	else
		diff->dropped++;
	if (is_dropped && fate->is_routed)
		report(diff, sent, fate,
		       "eval drops in PREROUTING, the kernel does not");
	else if (!(verdict->outcomes & OUTCOME_DROP) && !fate->is_routed)
		report(diff, sent, fate,
		       "the kernel drops in PREROUTING, eval does not");
}

static void judge(struct kernel_diff *diff, const struct sent *sent,
		  const struct fate *fate)
{
	struct packet packet;
	struct packet met;
	struct verdict verdict;
	bool is_read = packet_from_frame(&packet, sent->frame, sent->length,
					 topology_mac);

	if (!fate->length) {
		diff->unmet++;
		return;
	}
	if (!is_read)
		return report(diff, sent, fate,
			      "packet_from_frame() refuses what the kernel "
			      "takes");
	met = packet;
	met.data = fate->bytes;
	met.length = fate->length;
	if (sent->spec.shape == FRAME_WHOLE && !sent->is_split &&
	    (packet.length != met.length ||
	     memcmp(packet.data, met.data, met.length)))
		return report(diff, sent, fate,
			      "packet_from_frame() sees other bytes");
	/* What eval leaves open, also whether the match drops the packet. */
	if (diff->asks_extensions && packet_has_extension(&met))
		return;
	diff->judged++;
	ask(diff, &met, fate, &verdict);
	if (!fate->has_path)
		return judge_lost(diff, sent, fate, &verdict);
	for (unsigned int i = 0; i < CT_STATE_COUNT; i++)
		diff->by_state[i] += fate->state >> i & 1;
	diff->dropped += !fate->is_accepted;
	if (verdict.outcomes == OUTCOME_ACCEPT && !fate->is_accepted)
		report(diff, sent, fate, "eval accepts, the kernel does not");
	else if (verdict.outcomes == OUTCOME_DROP && fate->is_accepted)
		report(diff, sent, fate, "eval drops, the kernel accepts");
	else if (verdict.outcomes != OUTCOME_ACCEPT &&
		 verdict.outcomes != OUTCOME_DROP && !may_be_unsure(&met))
		report(diff, sent, fate, "eval is not sure");
}

static int send_spec(struct kernel_diff *diff, struct sent *sent,
		     struct err *err)
{
	uint8_t first[FRAME_MAX], second[FRAME_MAX];
	/* Shorter first fragments are not put together in IPv6 (RFC 8200). */
	size_t split = 24 + 8 * random_below(&diff->rnd, 2);
	size_t first_length, second_length;
	int ret;

	sent->length = frame_write(&sent->spec, sent->frame);
	sent->is_split = !diff->args.fragments &&
			 sent->spec.shape == FRAME_WHOLE &&
			 random_chance(&diff->rnd, 5) &&
			 frame_split(sent->frame, sent->length, split, first,
				     &first_length, second, &second_length);
	if (!sent->is_split)
		return watch_send(&diff->watch, sent->frame, sent->length, err);
	ret = watch_send(&diff->watch, first, first_length, err);
	return ret ? ret : watch_send(&diff->watch, second, second_length, err);
}

static int send_plain(void *context, const struct frame_spec *spec,
		      bool by_host, struct err *err)
{
	struct kernel_diff *diff = context;
	struct sent sent = { .spec = *spec };

	if (by_host)
		return traffic_send_by_host(diff->host_fd, spec, err);
	sent.length = frame_write(spec, sent.frame);
	return watch_send(&diff->watch, sent.frame, sent.length, err);
}

/* Each rule that eval names for a packet must have counted it. */
static int check_counters(struct kernel_diff *diff, struct err *err)
{
	OWN_MEM char *text = netns_read(command(diff, "save -c"), err);
	OWN(ruleset) struct ruleset *saved = NULL;
	size_t wrong = 0;
	int ret;

	if (!text)
		return -EIO;
	ret = read_rules(text, strlen(text), "iptables-save", diff->args.family,
			 &saved, NULL, err);
	if (ret)
		return ret;
	for (size_t i = 0; i < diff->args.packets && !wrong; i++) {
		struct verdict verdict;
		struct packet packet;
		const struct table *table;
		const struct chain *chain;
		enum wire_class class;
		struct header header;

		/* A packet that a match drops is counted nowhere. */
		if (!diff->fates[i].has_path ||
		    !packet_from_frame(&packet, diff->sent[i].frame,
				       diff->sent[i].length, topology_mac) ||
		    !view_packet(&packet, &class, &header) ||
		    class == WIRE_FRAGMENT)
			continue;
		ask(diff, &packet, &diff->fates[i], &verdict);
		if (!verdict.by.rule)
			continue;
		table = ruleset_table(saved, verdict.by.table->id);
		chain = table ? table_chain(table, verdict.by.chain->name)
			      : NULL;
		if (chain && verdict.by.rule->number <= chain->rule_count &&
		    chain->rules[verdict.by.rule->number - 1].packets)
			continue;
		wrong++;
		printf("# line %u should have decided\n",
		       verdict.by.rule->line);
		report(diff, &diff->sent[i], &diff->fates[i],
		       "the counter of the deciding rule did not move");
	}
	return 0;
}

/* Only what stands before routing: other built-in chains get no name. */
static int keep_prerouting(struct kernel_diff *diff, struct err *err)
{
	struct ruleset *copy = &diff->prerouting;
	const struct ruleset *all = diff->ruleset;

	*copy = *all;
	copy->tables = arena_copy(all->arena, all->tables,
				  all->table_count * sizeof(*all->tables));
	for (size_t t = 0; copy->tables && t < all->table_count; t++) {
		struct table *table = &copy->tables[t];

		table->chains =
			arena_copy(all->arena, table->chains,
				   table->chain_count * sizeof(*table->chains));
		if (!table->chains)
			return err_no_memory(err);
		for (size_t c = 0; c < table->chain_count; c++)
			if (table->chains[c].policy != POLICY_NONE &&
			    strcmp(table->chains[c].name, "PREROUTING"))
				table->chains[c].name = "";
	}
	return copy->tables ? 0 : err_no_memory(err);
}

static bool rule_asks_extensions(const struct rule *rule)
{
	for (size_t i = 0; i < rule->match_count; i++) {
		const struct match *match = &rule->matches[i];

		if (match->kind == MATCH_MODULE &&
		    module_info(match->module)->class == MODULE_CLASS_EXTENSION)
			return true;
	}
	return false;
}

static bool asks_extensions(const struct ruleset *ruleset)
{
	for (size_t t = 0; t < ruleset->table_count; t++) {
		const struct table *table = &ruleset->tables[t];

		for (size_t c = 0; c < table->chain_count; c++) {
			const struct chain *chain = &table->chains[c];

			for (size_t r = 0; r < chain->rule_count; r++)
				if (rule_asks_extensions(&chain->rules[r]))
					return true;
		}
	}
	return false;
}

static int make_ruleset(struct kernel_diff *diff, struct err *err)
{
	struct gen_rules_options options = {
		.family = diff->args.family,
		.no_state = diff->args.fragments,
	};
	struct gen_packets_options packets = {
		.no_fragments = !diff->args.fragments,
	};
	int ret = 0;

	buf_free(&diff->text);
	diff->text = BUF_INIT;
	diff->rnd = random_make(diff->args.seed, diff->index);
	if (diff->args.sets)
		ret = gen_sets_make(&diff->sets, &diff->rnd, diff->args.family,
				    err);
	options.set_seed = diff->sets.seed;
	if (ret)
		return ret;
	if (diff->args.rules)
		buf_add(&diff->text, diff->args.rules);
	else
		gen_rules_make(&diff->text, &diff->rnd, &options, diff->index);
	ruleset_free(take(diff->ruleset));
	gen_packets_free(take(diff->gen));
	ret = read_rules(buf_text(&diff->text), diff->text.length, "random",
			 diff->args.family, &diff->ruleset, NULL, err);
	if (ret)
		return ret;
	if (diff->args.sets)
		bind_sets(diff->ruleset, diff->sets.sets);
	diff->asks_extensions = asks_extensions(diff->ruleset);
	diff->gen = gen_packets_make(diff->ruleset, &packets);
	diff->traffic = (struct traffic){
		.gen = diff->gen,
		.send = send_plain,
		.context = diff,
	};
	return diff->gen ? keep_prerouting(diff, err) : err_no_memory(err);
}

/* Sets that the rules of the last round asked for can go by now. */
static int load_sets(struct kernel_diff *diff, struct err *err)
{
	/* The kernel lets go of a list's members a moment later. */
	int ret = netns_run("for try in 1 2 3 4 5 6 7 8 9; do "
			    "ipset destroy s7; ipset destroy && exit; "
			    "sleep 0.05; done 2>/dev/null; ipset destroy",
			    NULL, err);

	return ret ? ret
		   : netns_run("ipset -exist restore",
			       buf_text(&diff->sets.text), err);
}

/* Conversations that the rules of this round find going on. */
static int begin_talks(struct kernel_diff *diff, struct err *err)
{
	int ret = load_rules(diff, "", err);

	if (!ret)
		ret = watch_forget(err);
	if (!ret)
		ret = traffic_begin(&diff->traffic, &diff->rnd, err);
	return ret ? ret : watch_collect(&diff->watch, diff->fates, 0, err);
}

static int do_ruleset(struct kernel_diff *diff, struct err *err)
{
	size_t before = diff->differences;
	int ret = make_ruleset(diff, err);

	if (!ret && diff->args.sets)
		ret = load_rules(diff, "", err);
	if (!ret && diff->args.sets)
		ret = load_sets(diff, err);
	if (!ret && !diff->args.fragments)
		ret = begin_talks(diff, err);
	if (!ret)
		ret = load_rules(diff, buf_text(&diff->text), err);
	for (size_t i = 0; i < diff->args.packets && !ret; i++) {
		if (diff->args.fragments)
			gen_packets_next(diff->gen, &diff->rnd,
					 &diff->sent[i].spec);
		else
			traffic_next(&diff->traffic, &diff->rnd,
				     &diff->sent[i].spec);
		diff->sent[i].spec.id = (uint32_t)i + 1;
		ret = send_spec(diff, &diff->sent[i], err);
	}
	if (!ret)
		ret = watch_collect(&diff->watch, diff->fates,
				    diff->args.packets, err);
	for (size_t i = 0; i < diff->args.packets && !ret; i++) {
		/* One difference of a ruleset tells enough. */
		if (diff->differences == before)
			judge(diff, &diff->sent[i], &diff->fates[i]);
	}
	if (!ret && diff->differences == before)
		ret = check_counters(diff, err);
	return ret;
}

/* Packets are handled in order only on one processor. */
static void stay_on_one_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

static int run(struct kernel_diff *diff, struct err *err)
{
	struct netns netns;
	size_t done = 0;
	int ret;

	diff->sent = calloc(diff->args.packets, sizeof(*diff->sent));
	diff->fates = calloc(diff->args.packets, sizeof(*diff->fates));
	if (!diff->sent || !diff->fates)
		return err_no_memory(err);
	stay_on_one_cpu();
	ret = netns_make(&netns, err);
	if (!ret)
		ret = watch_make(&netns, diff->args.family,
				 !diff->args.fragments, &diff->watch, err);
	if (!ret)
		diff->host_fd = traffic_host_socket(diff->args.family, err);
	if (!ret && diff->host_fd < 0)
		ret = diff->host_fd;
	for (; !ret && args_goes_on(&diff->args, done); done++) {
		diff->index = diff->args.first + done;
		ret = do_ruleset(diff, err);
	}
	printf("# %zu rulesets, %zu packets judged, %zu dropped, %zu ended by "
	       "routing, %zu never met netfilter\n",
	       done, diff->judged, diff->dropped, diff->unrouted, diff->unmet);
	printf("# states NEW %zu ESTABLISHED %zu RELATED %zu INVALID %zu "
	       "UNTRACKED %zu\n",
	       diff->by_state[0], diff->by_state[1], diff->by_state[2],
	       diff->by_state[3], diff->by_state[4]);
	return ret;
}

int main(int argc, char **argv)
{
	static struct kernel_diff diff;
	struct err err;
	int ret;

	args_parse(argc, argv, &diff.args);
	diff.program = argv[0];
	ret = run(&diff, &err);
	if (ret) {
		show_lines("rules", buf_text(&diff.text));
		args_print_repeat(&diff.args, argv[0], diff.index);
		printf("not ok - %s ran to its end: %s\n",
		       command(&diff, "diff"), err.text);
		return 1;
	}
	printf("%sok - eval says what ip%stables-%s does%s (seed %llu)\n",
	       diff.differences ? "not " : "",
	       diff.args.family == FAMILY_IPV6 ? "6" : "",
	       diff.args.backend == BACKEND_NFT ? "nft" : "legacy",
	       diff.args.fragments ? " with fragments"
	       : diff.args.sets	   ? " with sets"
				   : "",
	       (unsigned long long)diff.args.seed);
	return diff.differences ? 1 : 0;
}

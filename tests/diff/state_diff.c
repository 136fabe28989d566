// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connection states, kernel against program: whatever comes next in whatever
 * conversation (tests/lib/scene.c), the state that the kernel's connection
 * tracking gives the packet is one of S, the states that a program asked just
 * before takes to be possible (bpf/state.bpf.h).
 *
 * Every packet has a conversation of its own: a client address of its own. So
 * all conversations are led up to their points first, then the program is asked
 * about every packet, then the packets are sent.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#include "base/buf.h"
#include "base/own.h"
#include "tests/lib/asker.h"
#include "tests/lib/netns.h"
#include "tests/lib/nflog.h"
#include "tests/lib/random.h"
#include "tests/lib/scene.h"
#include "tests/lib/show.h"
#include "tests/lib/topology.h"
#include "tests/lib/watch.h"

#define GROUP	   6
#define MARKER	   0xfffeu /* identification of the last packet */
#define CASES_MAX  0xf000u
#define CHUNK	   512 /* packets whose log surely fits into the socket */
#define FTP_PORT   21
#define SERVICE	   20
#define FIRST_PORT 1024

/* One packet after one conversation. */
struct one_case {
	const struct act *act;
	uint8_t icmp_request;
	struct line line;
	struct talk talk;
	uint8_t reached; /* enum tcp_state */
	uint8_t frame[FRAME_MAX];
	size_t length;
	unsigned int possible; /* S */
	unsigned int seen;     /* what the kernel says; 0: it never said */
};

/* What was seen of one S: how large it is without need. */
struct tally {
	size_t count[WIRE_STATE_COUNT];
	size_t total;
};

struct state_diff {
	const char *program_name;
	const struct scene *scene;
	uint64_t seed;
	enum family family;
	size_t only;	   /* 0: all cases */
	size_t first, end; /* the cases under way */
	struct netns netns;
	int wires[2]; /* TALK_CLIENT's, TALK_SERVER's */
	uint32_t ifindex[2];
	int log_fd;
	bool is_done;
	struct asker asker;
	struct one_case *cases;
	size_t count, differences, unseen, unreached;
	struct tally tallies[LINE_ERROR + 1][WIRE_STATES_ALL + 1];
};

/* Behind connection tracking, before addresses are translated. */
static const char log_table[] =
	"table inet states {\n"
	"chain states { type filter hook prerouting priority -190;\n"
	"ip id 0 return\nip6 flowlabel 0 return\n"
	"ct state new log prefix \"N\" group 6 snaplen 64\n"
	"ct state established log prefix \"E\" group 6 snaplen 64\n"
	"ct state related log prefix \"R\" group 6 snaplen 64\n"
	"ct state invalid log prefix \"I\" group 6 snaplen 64\n"
	"ct state untracked log prefix \"U\" group 6 snaplen 64\n"
	"}\n}\n";

static u128 parse_addr(const char *text)
{
	uint8_t bytes[16];
	bool is_ipv6 = strchr(text, ':');
	u128 addr = 0;

	assert(inet_pton(is_ipv6 ? AF_INET6 : AF_INET, text, bytes) == 1);
	for (size_t i = 0; i < (is_ipv6 ? 16 : 4); i++)
		addr = addr << 8 | bytes[i];
	return addr;
}

static u128 first_client(const struct state_diff *diff)
{
	return parse_addr(diff->family == FAMILY_IPV4 ? "100.64.0.0"
						      : "2001:db8:64::");
}

static u128 server_addr(const struct state_diff *diff)
{
	return parse_addr(diff->family == FAMILY_IPV4 ? "10.2.0.9"
						      : "fd00:2::9");
}

/* The host: clients behind eth0, the server behind eth1. */
static int make_host(struct state_diff *diff, struct err *err)
{
	static const char setup4[] =
		"set -e\nip route add 100.64.0.0/10 via 10.1.0.2\n"
		"T=iptables-legacy PUBLIC=203.0.113.5 SERVER=10.2.0.9\n";
	static const char setup6[] =
		"set -e\nip route add 2001:db8:64::/64 via fd00:1::2\n"
		"T=ip6tables-legacy PUBLIC=fd00:9::5 SERVER=fd00:2::9\n";
	static const char *const ifaces[2] = { "eth0", "eth1" };
	static const char *const peers[2] = { "p0", "p1" };
	OWN_BUF struct buf script = BUF_INIT;
	int ret = netns_make(&diff->netns, err);

	buf_add(&script, diff->family == FAMILY_IPV4 ? setup4 : setup6);
	if (diff->scene->setup)
		buf_add(&script, diff->scene->setup);
	if (!ret)
		ret = netns_run("sh >/dev/null", buf_text(&script), err);
	if (!ret)
		ret = netns_run("nft -f -", log_table, err);
	for (int end = 0; end < 2 && !ret; end++) {
		diff->ifindex[end] = if_nametoindex(ifaces[end]);
		diff->wires[end] =
			netns_packet_socket(&diff->netns, diff->netns.outer,
					    peers[end], err);
		if (diff->wires[end] < 0)
			ret = diff->wires[end];
	}
	if (ret)
		return ret;
	diff->log_fd = nflog_open(GROUP, err);
	return diff->log_fd < 0 ? diff->log_fd : 0;
}

/* The router's Ethernet address on that side is the frame's target. */
static size_t write_frame(unsigned int from, const struct frame_spec *spec,
			  uint8_t frame[FRAME_MAX])
{
	static const uint8_t server_side[6] = { 0x02, 0, 0, 0, 0x02, 0x01 };
	size_t length = frame_write(spec, frame);

	if (from == TALK_SERVER)
		memcpy(frame, server_side, sizeof(server_side));
	return length;
}

static int send_bytes(struct state_diff *diff, unsigned int from,
		      const uint8_t *frame, size_t length, struct err *err)
{
	if (send(diff->wires[from], frame, length, 0) < 0)
		return err_system(err, errno, "sending a frame");
	return 0;
}

static int send_spec(void *context, unsigned int from,
		     const struct frame_spec *spec, struct err *err)
{
	uint8_t frame[FRAME_MAX];
	size_t length = write_frame(from, spec, frame);

	return send_bytes(context, from, frame, length, err);
}

static unsigned int state_of(char letter)
{
	static const char letters[] = "NERIU";
	const char *found = strchr(letters, letter);

	return letter && found ? 1u << (found - letters) : 0;
}

static void on_event(void *context, const struct nflog_event *event)
{
	struct state_diff *diff = context;
	uint32_t id = frame_id(event->packet, event->length);

	if (id == MARKER)
		diff->is_done = true;
	else if (id > 0 && id <= diff->count)
		diff->cases[id - 1].seen |= state_of(*event->prefix);
}

/* One processor takes packets in order: behind the marker all is done. */
static int settle(struct state_diff *diff, struct err *err)
{
	struct frame_spec marker = {
		.family = diff->family,
		.id = MARKER,
		.saddr = topology_addr(diff->family, 1),
		.daddr = topology_addr(diff->family, 0),
		.proto = IPPROTO_UDP,
		.sport = 9,
		.dport = 9,
		.ttl = 64,
	};
	int ret = send_spec(diff, TALK_CLIENT, &marker, err);

	diff->is_done = false;
	while (!ret && !diff->is_done)
		ret = nflog_read(diff->log_fd, on_event, diff, err);
	return ret;
}

static struct talk make_talk(const struct state_diff *diff, size_t index)
{
	const struct one_case *one = &diff->cases[index];
	const struct scene *scene = diff->scene;
	struct random rnd = random_make(diff->seed, index);
	bool is_ipv4 = diff->family == FAMILY_IPV4;
	const char *client =
		is_ipv4 ? scene->client_seen_as : scene->client_seen_as6;
	const char *server =
		is_ipv4 ? scene->server_seen_as : scene->server_seen_as6;
	struct talk talk = {
		.family = diff->family,
		.proto = one->act->proto,
		.icmp_type = one->icmp_request,
		.opener =
			scene->is_announced_before || scene->is_announced_after
				? TALK_SERVER
				: TALK_CLIENT,
	};

	if (talk.proto == IPPROTO_ICMP && !is_ipv4)
		talk.proto = IPPROTO_ICMPV6;
	talk.ends[TALK_CLIENT] = (struct end){
		.addr = first_client(diff) + index + 1,
		.port = (uint16_t)(FIRST_PORT + index),
		.next_seq = (uint32_t)random_next(&rnd),
	};
	talk.ends[TALK_SERVER] = (struct end){
		.addr = server_addr(diff),
		.port = SERVICE,
		.next_seq = (uint32_t)random_next(&rnd),
	};
	for (int i = 0; i < 2; i++)
		talk.ends[i].seen_as = talk.ends[i].addr;
	if (client)
		talk.ends[TALK_CLIENT].seen_as = parse_addr(client);
	if (server)
		talk.ends[TALK_SERVER].seen_as = parse_addr(server);
	return talk;
}

static int play_script(struct state_diff *diff, struct talk *talk,
		       const char *script, struct err *err)
{
	int ret = 0;

	while (*script && !ret) {
		ret = talk_step(talk, script, send_spec, diff, err);
		script += strcspn(script, " ");
		script += strspn(script, " ");
	}
	return ret;
}

/* FTP: where the client waits for the server's connection. */
static int announce(struct state_diff *diff, struct talk *control,
		    const struct end *client, struct err *err)
{
	char text[64], line[128];
	uint16_t port = client->port;

	topology_addr_text(diff->family, client->addr, text);
	if (diff->family == FAMILY_IPV4) {
		for (char *dot = text; (dot = strchr(dot, '.'));)
			*dot = ',';
		snprintf(line, sizeof(line), "PORT %s,%u,%u\r\n", text,
			 port >> 8, port & 0xff);
	} else {
		snprintf(line, sizeof(line), "EPRT |2|%s|%u|\r\n", text, port);
	}
	return talk_say(control, TALK_CLIENT, line, send_spec, diff, err);
}

/* Lead one conversation up to its point. */
static int play_case(struct state_diff *diff, struct one_case *one,
		     struct err *err)
{
	const struct scene *scene = diff->scene;
	struct talk *talk = &one->talk;
	struct talk control = *talk;
	int ret = 0;

	if (scene->is_announced_before || scene->is_announced_after) {
		control.opener = TALK_CLIENT;
		control.ends[TALK_SERVER].port = FTP_PORT;
		ret = play_script(diff, &control, ">S <SA >A", err);
		if (!ret)
			ret = talk_say(&control, TALK_CLIENT, "USER x\r\n",
				       send_spec, diff, err);
	}
	if (!ret && scene->is_announced_before)
		ret = announce(diff, &control, &talk->ends[TALK_CLIENT], err);
	if (!ret)
		ret = play_script(diff, talk, one->act->script, err);
	if (!ret && scene->is_announced_after)
		ret = announce(diff, &control, &talk->ends[TALK_CLIENT], err);
	return ret;
}

/* What an error quotes, behind the eight bytes of its header. */
static size_t write_quote(const struct talk *talk, const struct line *line,
			  uint8_t quote[FRAME_MAX])
{
	struct frame_spec about = talk_packet(talk, line->about, line->from);
	bool is_redirect =
		talk->family == FAMILY_IPV6 && line->icmp_type == 137;
	uint8_t frame[FRAME_MAX];
	size_t length, skip = is_redirect ? 40 : 0;

	about.tcp_flags = 0x10;
	length = frame_write(&about, frame) - FRAME_ETH_LEN;
	memset(quote, 0, FRAME_MAX);
	memcpy(quote + skip, frame + FRAME_ETH_LEN, length);
	if (!is_redirect)
		return length;
	/* Target, destination, an option with the packet (RFC 4861, 4.5). */
	memcpy(quote, frame + FRAME_ETH_LEN + 24, 16);
	memcpy(quote + 16, frame + FRAME_ETH_LEN + 24, 16);
	quote[32] = 4;
	quote[33] = (uint8_t)((length + 8 + 7) / 8);
	return 32 + quote[33] * 8u;
}

/* The packet that comes next. */
static void write_line(struct one_case *one, uint32_t id)
{
	const struct line *line = &one->line;
	struct frame_spec spec =
		talk_packet(&one->talk, line->from, line->from);
	uint8_t quote[FRAME_MAX];

	spec.id = id;
	spec.has_bad_checksum = line->has_bad_checksum;
	if (line->kind == LINE_TCP) {
		spec.tcp_flags = line->tcp_flags;
		spec.tcp_seq += (uint32_t)line->seq_off;
		if (!(spec.tcp_flags & 0x10))
			spec.tcp_ack = 0;
	} else if (line->kind == LINE_ICMP || line->kind == LINE_ERROR) {
		spec.icmp = (uint16_t)(line->icmp_type << 8);
	}
	if (line->kind == LINE_ERROR) {
		spec.proto = spec.family == FAMILY_IPV4 ? IPPROTO_ICMP
							: IPPROTO_ICMPV6;
		spec.ttl = 255;
		spec.quote = quote;
		spec.quote_length = write_quote(&one->talk, line, quote);
	}
	one->length = write_frame(line->from, &spec, one->frame);
}

static void add_case(void *context, const struct act *act, uint8_t icmp_request,
		     const struct line *line)
{
	struct state_diff *diff = context;

	assert(diff->count < CASES_MAX);
	diff->cases[diff->count++] = (struct one_case){
		.act = act,
		.icmp_request = icmp_request,
		.line = *line,
	};
}

/* The first of the cases under way from @index on that is wanted. */
static size_t next_case(const struct state_diff *diff, size_t index)
{
	if (diff->only && index + 1 < diff->only)
		index = diff->only - 1;
	else if (diff->only && index + 1 > diff->only)
		index = diff->end;
	return index < diff->end ? index : diff->end;
}

#define for_each_case(diff, i)                                                 \
	for (size_t i = next_case(diff, (diff)->first); i < (diff)->end;       \
	     i = next_case(diff, i + 1))

/* Connections are told apart by their clients. */
static void on_entry(void *context, const struct entry *entry)
{
	struct state_diff *diff = context;
	u128 first = first_client(diff);
	u128 client =
		entry->daddr == server_addr(diff) ? entry->saddr : entry->daddr;

	if (entry->proto != IPPROTO_TCP || entry->dport == FTP_PORT ||
	    client <= first || client > first + diff->count)
		return;
	diff->cases[(size_t)(client - first) - 1].reached = entry->tcp_state;
}

/* Did the acts lead where they should? Other cases than meant prove less. */
static void check_reached(struct state_diff *diff)
{
	const struct act *told = NULL;

	for_each_case(diff, i)
	{
		const struct one_case *one = &diff->cases[i];

		if (one->reached == one->act->tcp_state)
			continue;
		diff->unreached++;
		if (one->act == told)
			continue;
		told = one->act;
		printf("# case %zu: '%s' leads to %s, meant was %s\n", i + 1,
		       one->act->script, entries_state_name(one->reached),
		       entries_state_name(one->act->tcp_state));
	}
}

static int begin_cases(struct state_diff *diff, struct err *err)
{
	int ret = watch_forget(err);

	for_each_case(diff, i)
	{
		if (ret)
			return ret;
		diff->cases[i].talk = make_talk(diff, i);
		ret = play_case(diff, &diff->cases[i], err);
	}
	if (!ret)
		ret = settle(diff, err);
	if (ret || !diff->scene->must_reach)
		return ret;
	ret = entries_read(diff->family, on_entry, diff, err);
	check_reached(diff);
	return ret;
}

static int ask_cases(struct state_diff *diff, struct err *err)
{
	for_each_case(diff, i)
	{
		struct one_case *one = &diff->cases[i];
		int states;

		write_line(one, (uint32_t)i + 1);
		states = asker_states(&diff->asker,
				      diff->ifindex[one->line.from], one->frame,
				      one->length, err);
		if (states < 0)
			return states;
		one->possible = (unsigned int)states;
	}
	return 0;
}

static int send_cases(struct state_diff *diff, struct err *err)
{
	for_each_case(diff, i)
	{
		const struct one_case *one = &diff->cases[i];
		int ret = send_bytes(diff, one->line.from, one->frame,
				     one->length, err);

		if (!ret && i % CHUNK == CHUNK - 1)
			ret = settle(diff, err);
		if (ret)
			return ret;
	}
	return settle(diff, err);
}

static const char *states_text(unsigned int states, char text[64])
{
	*text = '\0';
	for (int i = 0; i < WIRE_STATE_COUNT; i++) {
		if (!(states & 1u << i))
			continue;
		if (*text)
			strcat(text, " ");
		strcat(text, show_state(1u << i));
	}
	return text;
}

static void report(struct state_diff *diff, size_t index)
{
	const struct one_case *one = &diff->cases[index];
	char states[64], line[128];

	diff->differences++;
	printf("# difference: after '%s' (%s), %s\n", one->act->script,
	       entries_state_name(one->reached),
	       scene_line_text(&one->line, line));
	printf("#   the kernel says %s, not one of S = %s\n",
	       show_state(one->seen), states_text(one->possible, states));
	show_bytes("frame", one->frame, one->length);
	printf("# repeat: %s --scene %s --family %d --seed %llu --only %zu\n",
	       diff->program_name, diff->scene->name, diff->family,
	       (unsigned long long)diff->seed, index + 1);
}

static void judge(struct state_diff *diff, size_t index)
{
	const struct one_case *one = &diff->cases[index];
	struct tally *tally = &diff->tallies[one->line.kind][one->possible];

	/* Connection tracking discards a packet when it cannot reopen. */
	if (!one->seen) {
		diff->unseen++;
		return;
	}
	tally->total++;
	for (int i = 0; i < WIRE_STATE_COUNT; i++)
		tally->count[i] += !!(one->seen & 1u << i);
	if (one->seen & ~one->possible)
		report(diff, index);
}

static void print_tallies(const struct state_diff *diff)
{
	static const char *const kinds[] = { "tcp", "udp", "icmp",
					     "icmp errors" };
	char states[64];

	for (size_t kind = 0; kind < ARRAY_SIZE(kinds); kind++) {
		for (unsigned int s = 0; s <= WIRE_STATES_ALL; s++) {
			const struct tally *tally = &diff->tallies[kind][s];

			if (!tally->total)
				continue;
			printf("# %s, S = %s:", kinds[kind],
			       states_text(s, states));
			for (int i = 0; i < WIRE_STATE_COUNT; i++)
				if (tally->count[i])
					printf(" %zu %s", tally->count[i],
					       show_state(1u << i));
			printf("\n");
		}
	}
}

/* Some cases at once: the kernel bounds how many connections are expected. */
static int do_chunk(struct state_diff *diff, struct err *err)
{
	int ret = begin_cases(diff, err);

	if (!ret && diff->scene->pause)
		sleep(diff->scene->pause);
	if (!ret)
		ret = ask_cases(diff, err);
	if (!ret)
		ret = send_cases(diff, err);
	if (ret)
		return ret;
	for_each_case(diff, i) judge(diff, i);
	return 0;
}

static int run(struct state_diff *diff, struct err *err)
{
	const struct scene *scene = diff->scene;
	const struct wire_settings settings = {
		.skip_device_check = 1,
		.has_lookup = 1,
		.may_expect =
			scene->is_announced_before || scene->is_announced_after,
	};
	size_t chunk = scene->pause ? CASES_MAX : CHUNK;
	int ret;

	diff->cases = calloc(CASES_MAX, sizeof(*diff->cases));
	if (!diff->cases)
		return err_no_memory(err);
	scene_play(scene, diff->family, add_case, diff);
	ret = make_host(diff, err);
	if (!ret)
		ret = asker_make(diff->family, &settings, &diff->asker, err);
	for (size_t i = 0; i < diff->count && !ret; i += chunk) {
		diff->first = i;
		diff->end = i + chunk < diff->count ? i + chunk : diff->count;
		if (next_case(diff, i) < diff->end)
			ret = do_chunk(diff, err);
	}
	if (ret)
		return ret;
	print_tallies(diff);
	printf("# %zu packets, %zu discarded by connection tracking, %zu "
	       "after something else than meant\n",
	       diff->only ? 1 : diff->count, diff->unseen, diff->unreached);
	return 0;
}

/* Packets are handled in order only on one processor. */
static void stay_on_one_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

static void usage(const char *program)
{
	fprintf(stderr,
		"usage: %s [--scene NAME] [--family 4|6] [--seed N] "
		"[--only N]\n"
		"       %s --list\n",
		program, program);
	exit(1);
}

static void list_scenes(void)
{
	for (size_t i = 0; scene_at(i); i++)
		printf("%s\n", scene_at(i)->name);
	exit(0);
}

static void parse_args(struct state_diff *diff, int argc, char **argv)
{
	static const struct option options[] = {
		{ "scene", required_argument, NULL, 's' },
		{ "family", required_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 'r' },
		{ "only", required_argument, NULL, 'o' },
		{ "list", no_argument, NULL, 'l' },
		{ 0 },
	};
	int option;

	*diff = (struct state_diff){
		.program_name = argv[0],
		.scene = scene_at(0),
		.seed = (uint64_t)time(NULL),
		.family = FAMILY_IPV4,
	};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			diff->scene = scene_find(optarg);
		else if (option == 'f')
			diff->family =
				strcmp(optarg, "6") ? FAMILY_IPV4 : FAMILY_IPV6;
		else if (option == 'r')
			diff->seed = strtoull(optarg, NULL, 0);
		else if (option == 'o')
			diff->only = strtoull(optarg, NULL, 0);
		else if (option == 'l')
			list_scenes();
		else
			usage(argv[0]);
		if (!diff->scene)
			usage(argv[0]);
	}
}

int main(int argc, char **argv)
{
	static struct state_diff diff;
	struct err err;
	bool is_right;

	/* A runner that is killed takes its tests along. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	parse_args(&diff, argc, argv);
	stay_on_one_cpu();
	if (run(&diff, &err)) {
		printf("not ok - the scene '%s' was played to its end: %s\n",
		       diff.scene->name, err.text);
		return 1;
	}
	is_right = !diff.differences && !diff.unreached;
	printf("%sok - every state of the kernel is in S: %s, IPv%d (seed "
	       "%llu)\n",
	       is_right ? "" : "not ", diff.scene->name, diff.family,
	       (unsigned long long)diff.seed);
	asker_free(&diff.asker);
	free(diff.cases);
	return is_right ? 0 : 1;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/buf.h"
#include "base/own.h"
#include "tests/lib/args.h"

enum option_id {
	OPTION_SEED = 1,
	OPTION_FIRST,
	OPTION_COUNT,
	OPTION_PACKETS,
	OPTION_SECONDS,
	OPTION_FAMILY,
	OPTION_BACKEND,
	OPTION_FRAGMENTS,
	OPTION_SETS,
	OPTION_NAT,
	OPTION_RULES,
};

static const struct option options[] = {
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "first", required_argument, NULL, OPTION_FIRST },
	{ "count", required_argument, NULL, OPTION_COUNT },
	{ "packets", required_argument, NULL, OPTION_PACKETS },
	{ "seconds", required_argument, NULL, OPTION_SECONDS },
	{ "family", required_argument, NULL, OPTION_FAMILY },
	{ "backend", required_argument, NULL, OPTION_BACKEND },
	{ "fragments", no_argument, NULL, OPTION_FRAGMENTS },
	{ "sets", no_argument, NULL, OPTION_SETS },
	{ "nat", no_argument, NULL, OPTION_NAT },
	{ "rules", required_argument, NULL, OPTION_RULES },
	{ 0 },
};

static time_t now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void usage(const char *program)
{
	fprintf(stderr,
		"usage: %s [--seed N] [--first N] [--count N | --seconds N]\n"
		"\t[--packets N] [--family 4|6] [--backend legacy|nft]\n"
		"\t[--fragments] [--sets] [--nat] [--rules FILE]\n",
		program);
	exit(1);
}

static char *read_text(const char *path)
{
	OWN_BUF struct buf text = BUF_INIT;
	FILE *file = fopen(path, "r");
	char chunk[4096];
	size_t count;

	if (!file) {
		perror(path);
		exit(1);
	}
	while ((count = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buf_addn(&text, chunk, count);
	fclose(file);
	buf_add(&text, "");
	return buf_take(&text);
}

static void set_option(struct args *args, int option, const char *program)
{
	uint64_t number = optarg ? strtoull(optarg, NULL, 0) : 0;

	switch (option) {
	case OPTION_SEED:
		args->seed = number;
		return;
	case OPTION_FIRST:
		args->first = number;
		return;
	case OPTION_COUNT:
		args->count = number;
		return;
	case OPTION_PACKETS:
		args->packets = number;
		return;
	case OPTION_SECONDS:
		args->deadline = now_seconds() + (time_t)number;
		args->count = 0;
		return;
	case OPTION_FAMILY:
		args->family = number == 6 ? FAMILY_IPV6 : FAMILY_IPV4;
		return;
	case OPTION_BACKEND:
		args->backend =
			strcmp(optarg, "nft") ? BACKEND_LEGACY : BACKEND_NFT;
		return;
	case OPTION_FRAGMENTS:
		args->fragments = true;
		return;
	case OPTION_SETS:
		args->sets = true;
		return;
	case OPTION_NAT:
		args->has_nat = true;
		return;
	case OPTION_RULES:
		args->rules_name = optarg;
		args->rules = read_text(optarg);
		return;
	}
	usage(program);
}

void args_parse(int argc, char **argv, struct args *out)
{
	int option;

	/* A runner that is killed takes its tests along. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	*out = (struct args){
		.seed = (uint64_t)time(NULL),
		.count = 100,
		.packets = 300,
		.family = FAMILY_IPV4,
	};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		set_option(out, option, argv[0]);
	if (optind != argc)
		usage(argv[0]);
}

bool args_goes_on(const struct args *args, size_t done)
{
	if (args->count)
		return done < args->count;
	return now_seconds() < args->deadline;
}

void args_print_repeat(const struct args *args, const char *program,
		       size_t index)
{
	printf("# repeat: %s --seed %llu --first %zu --count 1 --packets %zu "
	       "--family %d --backend %s%s%s%s%s%s\n",
	       program, (unsigned long long)args->seed, index, args->packets,
	       args->family, args->backend == BACKEND_NFT ? "nft" : "legacy",
	       args->fragments ? " --fragments" : "",
	       args->sets ? " --sets" : "", args->has_nat ? " --nat" : "",
	       args->rules_name ? " --rules " : "",
	       args->rules_name ? args->rules_name : "");
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs for a card: bound, like their maps, to the interface that they were
 * loaded for (kernel/bpf/offload.c, 4.16). Every read and write of such a map
 * is a message to the card; what says that a program is ours stays in a map of
 * the host, so that a card which does not answer can be told from others'.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>

#include "base/buf.h"
#include "base/own.h"
#include "bpf/capture.h"
#include "bpf/loading.h"
#include "bpf/maps.h"
#include "bpf/refusal.h"
#include "bpf/safe_loaded.h"
#include "bpf/splice.h"
#include "card.skel.h"

static void card_free(struct card *card)
{
	card__destroy(card);
}
OWN_DEFINE(card)

static int card_set_up(struct card *card, const struct program *program,
		       const struct load_options *options)
{
	struct bpf_map *outcomes = card->maps.outcomes;
	struct bpf_map *drops = card->maps.wirewall_drops;
	struct bpf_map *on_off = card->maps.wirewall_switch;
	int result = bpf_map__set_max_entries(outcomes, program->outcome_count);

	if (!result && program->rule_count)
		result = bpf_map__set_max_entries(drops, program->rule_count);
	if (!result)
		result = bpf_map__set_ifindex(outcomes, options->ifindex);
	if (!result)
		result = bpf_map__set_ifindex(drops, options->ifindex);
	if (!result)
		result = bpf_map__set_ifindex(on_off, options->ifindex);
	bpf_program__set_ifindex(card->progs.wirewall, options->ifindex);
	return result;
}

/* The first outcome is all 0, as a new map is. */
static int fill_outcomes(int fd, const struct program *program)
{
	int result = 0;

	for (__u32 i = 1; i < program->outcome_count && !result; i++)
		result = bpf_map_update_elem(fd, &i, &program->outcomes[i],
					     BPF_ANY);
	return result;
}

static int bind_meta(int prog_fd, const struct wire_meta *meta)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_RDONLY_PROG);
	OWN_FD int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, WIRE_META_NAME,
				       sizeof(__u32), sizeof(*meta), 1, &opts);
	const __u32 first = 0;
	int result;

	if (fd < 0)
		return fd;
	result = bpf_map_update_elem(fd, &first, meta, BPF_ANY);
	if (!result)
		result = bpf_map_freeze(fd);
	return result ? result : bpf_prog_bind_map(prog_fd, fd, NULL);
}

/*
 * The driver has taken it; do we know why? A card in the field may be stricter
 * than the one that was asked.
 */
static int judge(const struct card *card, struct buf *log)
{
	struct err err;
	int result = safe_loaded_judge(card->progs.wirewall, &err);

	if (result)
		buf_add(log, err.text);
	return result;
}

/* 0 or -errno, with what libbpf or our own judge had to say in @log. */
static int card_load(const struct program *program,
		     const struct load_options *options, struct card **out,
		     struct buf *log)
{
	const struct wire_meta meta = loading_meta(program, options);
	OWN(card) struct card *card = NULL;
	OWN(maps) struct maps *maps = NULL;
	int result = maps_make(program, options->ifindex, &maps);

	if (result)
		return result;
	capture_begin(log);
	result = splice_begin(program, maps);
	if (!result) {
		card = card__open();
		result = card ? card_set_up(card, program, options) : -errno;
		if (!result)
			result = card__load(card);
	}
	splice_end();
	if (!result)
		result = maps_fill(maps, &program->tables);
	if (!result)
		result = fill_outcomes(bpf_map__fd(card->maps.outcomes),
				       program);
	if (!result)
		result =
			bind_meta(bpf_program__fd(card->progs.wirewall), &meta);
	capture_end();
	if (!result)
		result = judge(card, log);
	if (!result)
		*out = take(card);
	return result;
}

int loading_card(const struct program *program,
		 const struct load_options *options, struct loaded *loaded,
		 struct err *err)
{
	OWN(card) struct card *card = NULL;
	OWN_BUF struct buf log = BUF_INIT;
	int result = card_load(program, options, &card, &log);

	if (result)
		return refusal_set(err, -result,
				   "the card's driver refused the program",
				   buf_text(&log));
	return loading_keep(bpf_program__fd(card->progs.wirewall), loaded, err);
}

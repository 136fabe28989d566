/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * For tests of bpf/: regions made by hand, programs made and loaded from them,
 * and frames run through them (BPF_PROG_TEST_RUN: nothing is attached).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "bpf/load.h"
#include "rules/flatten.h"
#include "tests/lib/frame.h"

#define HAND_REGIONS 4096

/* One list of regions; rule i of the list decides region i. */
struct hand {
	struct arena *arena;
	struct flat flat;
};

static inline struct hand hand_make(enum family family)
{
	struct hand hand = { .arena = arena_make() };
	struct flat *flat = &hand.flat;

	assert_non_null(hand.arena);
	flat->family = family;
	flat->regions =
		arena_alloc(hand.arena, HAND_REGIONS * sizeof(*flat->regions));
	flat->rules =
		arena_alloc(hand.arena, HAND_REGIONS * sizeof(*flat->rules));
	assert_non_null(flat->regions);
	assert_non_null(flat->rules);
	return hand;
}

static inline void hand_free(struct hand *hand)
{
	arena_free(hand->arena);
}

/* Add a region without conditions; hand_where() adds them to the last one. */
static inline struct region *hand_add(struct hand *hand, worlds_t drop)
{
	struct flat *flat = &hand->flat;
	uint32_t i = flat->region_count;
	struct region *region = &flat->regions[i];

	assert_true(i < HAND_REGIONS);
	region->drop = drop;
	/* Any pointers that differ will do. */
	flat->rules[i].rule = (const struct rule *)&flat->rules[i];
	for (int stage = 0; stage < STAGE_COUNT; stage++)
		region->rules[stage] = worlds_states(drop, stage) ? i : NO_RULE;
	flat->region_count = flat->rule_count = i + 1;
	return region;
}

static inline void hand_where(struct hand *hand, enum field field, u128 min,
			      u128 max)
{
	const struct set *set = set_range(hand->arena, min, max);

	assert_non_null(set);
	hand->flat.regions[hand->flat.region_count - 1].cond.fields[field] =
		set;
}

static inline void hand_where_any(struct hand *hand, enum field field,
				  const struct interval *parts, size_t count)
{
	const struct set *set = set_make(hand->arena, parts, count);

	assert_non_null(set);
	hand->flat.regions[hand->flat.region_count - 1].cond.fields[field] =
		set;
}

/* Nobody else takes packets off the interface: it is not there. */
static const struct wire_settings hand_settings = { .skip_device_check = 1 };

/* @classifier NULL: the cheapest one. */
static inline struct program *
hand_program_for(const struct hand *hand, enum wire_class class,
		 const struct wire_settings *settings,
		 const struct target *target,
		 const struct classifier *classifier)
{
	const struct flat *flats[WIRE_CLASS_COUNT] = { NULL };
	struct program *program = NULL;
	struct err err;

	flats[class] = &hand->flat;
	assert_return_code(program_make_by(flats, settings, target, classifier,
					   &program, &err),
			   0);
	return program;
}

static inline struct program *
hand_program_by(const struct hand *hand, enum wire_class class,
		const struct wire_settings *settings,
		const struct classifier *classifier)
{
	return hand_program_for(hand, class, settings, &target_software,
				classifier);
}

static inline struct program *hand_program(const struct hand *hand,
					   enum wire_class class,
					   const struct wire_settings *settings)
{
	return hand_program_by(hand, class, settings, NULL);
}

static inline struct loaded *hand_load_as(const struct program *program,
					  bool frags)
{
	static const uint8_t digest[32] = { 1, 2, 3 };
	const struct load_options options = {
		.frags = frags,
		.tier = 2,
		.digest = digest,
	};
	struct loaded *loaded = NULL;
	struct err err = { .text = "" };

	if (load_program(program, &options, &loaded, &err))
		fail_msg("%s", err.text);
	return loaded;
}

static inline struct loaded *hand_load(const struct program *program)
{
	return hand_load_as(program, false);
}

/* Make by comparing one region after the other, load, forget all but the
 * program. */
static inline struct loaded *hand_load_list(const struct hand *hand,
					    enum wire_class class)
{
	OWN(program)
	struct program *program = hand_program_by(hand, class, &hand_settings,
						  &classifier_linear);

	return hand_load(program);
}

/* Does the program drop this frame? @ifindex 0: it came in by lo. */
static inline bool hand_drops_from(const struct loaded *loaded, int ifindex,
				   const uint8_t *frame, size_t length)
{
	struct xdp_md context = {
		.data_end = length,
		.ingress_ifindex = ifindex,
	};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame,
		    .data_size_in = length, .repeat = 1);

	if (ifindex) {
		opts.ctx_in = &context;
		opts.ctx_size_in = sizeof(context);
	}
	assert_return_code(bpf_prog_test_run_opts(loaded->prog_fd, &opts), 0);
	assert_in_set(opts.retval,
		      ((LargestIntegralType[]){ XDP_PASS, XDP_DROP }), 2);
	return opts.retval == XDP_DROP;
}

static inline bool hand_drops(const struct loaded *loaded,
			      const struct frame_spec *spec)
{
	uint8_t frame[FRAME_MAX];

	return hand_drops_from(loaded, 0, frame, frame_write(spec, frame));
}

/* Skip the test, saying why. */
#define skip_without_root()                                                    \
	do {                                                                   \
		if (geteuid() != 0) {                                          \
			print_message("needs root to load programs\n");        \
			skip();                                                \
		}                                                              \
	} while (0)

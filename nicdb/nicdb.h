/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What is known of network drivers: what XDP they have since when, what must
 * be so before they take a program, how they refuse, what attaching costs.
 * Facts with their sources, in text (nicdb/drivers.conf says how it is
 * written), read at run time.
 *
 * 1. A file is taken as a whole or, with one error in it, not at all.
 * 2. A driver of a later file replaces the one of that name and bus before it.
 * 3. Every driver names its source, and every need its reason.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "nicdb/need.h"

#define NICDB_FORMAT	   1
#define NICDB_NAMES_MAX	   4
#define NICDB_NEEDS_MAX	   12
#define NICDB_WARNINGS_MAX 6
#define NICDB_FILTERS_MAX  3
#define NICDB_NEVER	   UINT32_MAX

/* Linux 6.12 as a number that can be compared. */
#define NICDB_VERSION(major, minor) ((uint32_t)(major) << 16 | (minor))

/* Kernels that a row is true of; 0: no bound. */
struct nicdb_range {
	uint32_t from, before;
};

/* What attaching a program does to the traffic of the moment. */
enum nicdb_attach {
	NICDB_ATTACH_UNKNOWN,
	NICDB_ATTACH_QUIET, /* nothing that a peer notices */
	NICDB_ATTACH_RINGS, /* rings are built anew: packets are lost */
	NICDB_ATTACH_RESET, /* the device is closed and opened: the link flaps */
};

/* How far the kernel's xdp-features (Linux 6.3) tell about native XDP. */
enum nicdb_flags {
	NICDB_FLAGS_TRUE,    /* BASIC is there exactly when it is supported */
	NICDB_FLAGS_HIDE,    /* BASIC is also absent while a need is not met */
	NICDB_FLAGS_PARTIAL, /* BASIC may be absent though it works */
};

enum nicdb_filter_kind {
	NICDB_FILTER_NONE,
	NICDB_FILTER_STEER, /* chooses queues, drops nothing */
	NICDB_FILTER_DROP,
};

/* Another filter that the hardware has: ntuple (ethtool -N) or tc flower. */
struct nicdb_filter {
	struct nicdb_range kernels;
	enum nicdb_filter_kind kind;
	uint32_t capacity; /* rules, 0: not known */
	bool asks_device;  /* the device tells how many */
	const char *text;  /* NULL: nothing to say */
};

struct nicdb_warning {
	struct nicdb_range kernels;
	const char *text;
};

/* Something that must be so before the driver takes a program. */
struct nicdb_need {
	struct nicdb_range kernels;
	struct need_test test;
	bool is_for_hw;	     /* hardware mode, not native */
	bool only_single;    /* of programs without xdp.frags only */
	bool only_frags;     /* of programs with it only */
	bool is_in_flags;    /* xdp-features are 0 while it is not met */
	const char *reason;  /* stable id, a row of offload/reasons.def */
	const char *errnos;  /* "EINVAL"; NULL: not known */
	const char *says;    /* the driver's words as in its source, or NULL */
	const char *channel; /* where it says so: extack, dmesg, none */
	/* Templates, see need_fill(). NULL: there is none. */
	const char *fix, *undo; /* commands */
	const char *remedy;	/* what no command of this machine does */
	const char *costs;	/* of the fix */
};

struct nicdb_driver {
	const char *names[NICDB_NAMES_MAX]; /* as ETHTOOL_GDRVINFO reports */
	size_t name_count;
	const char *bus; /* only with this bus_info; NULL: any */
	const char *title, *source;
	const char *origin; /* the file, and where in it */
	unsigned int line;
	uint32_t native;  /* since this Linux, 0: not known, NICDB_NEVER */
	uint32_t checked; /* with NEVER: looked for up to this Linux */
	uint32_t hw;	  /* since this Linux, 0: never */
	uint32_t frags;	  /* xdp.frags since this Linux, 0: never */
	enum nicdb_flags flags;
	enum nicdb_attach attach;
	const char *attach_text;
	struct nicdb_filter ntuple[NICDB_FILTERS_MAX];
	struct nicdb_filter flower[NICDB_FILTERS_MAX];
	size_t ntuple_count, flower_count;
	struct nicdb_warning warnings[NICDB_WARNINGS_MAX];
	size_t warning_count;
	struct nicdb_need needs[NICDB_NEEDS_MAX];
	size_t need_count;
};

struct nicdb;

struct nicdb *nicdb_make(void); /* empty; NULL on ENOMEM */
void nicdb_free(struct nicdb *db);
OWN_DEFINE(nicdb)

/*
 * Add the drivers of @text, which is copied. @name is the file's, for the
 * sentence of -EINVAL, which has the line: nothing was added then.
 */
int nicdb_add(struct nicdb *db, const char *text, size_t length,
	      const char *name, struct err *err);

/* NULL: unknown. @bus may be "". */
const struct nicdb_driver *nicdb_find(const struct nicdb *db,
				      const char *driver, const char *bus);

/* All of them, in the order of the files; NULL behind the last. */
const struct nicdb_driver *nicdb_get(const struct nicdb *db, size_t index);

/* The day of the newest file that has one (YYYYMMDD), 0: none. */
uint32_t nicdb_date(const struct nicdb *db);

/* Is a row of this range true of Linux @version? 0 is an unknown version, of
 * which only rows without a bound are true. */
bool nicdb_applies(const struct nicdb_range *range, uint32_t version);

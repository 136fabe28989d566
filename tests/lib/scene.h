/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What tests/diff/state_diff.c plays: hosts (scenes), conversations up to some
 * point (acts), and all the packets that may come next (lines). Each line is
 * played in a conversation of its own.
 */
#include "bpf/wire.h"
#include "tests/lib/entries.h"
#include "tests/lib/talk.h"

struct scene {
	const char *name;
	const char *setup; /* of the host: tests/lib/theatre.h */
	const char *client_seen_as, *server_seen_as; /* IPv4, or NULL */
	const char *client_seen_as6, *server_seen_as6;
	/* IPPROTO_TCP: FTP, IPPROTO_UDP: TFTP; the server opens, and the client
	 * announces it before or after what the act says. 0: the client opens.
	 */
	uint8_t helped;
	bool is_announced_before, is_announced_after;
	struct wire_zone zone; /* where the setup has all packets looked up */
	bool must_reach;       /* acts lead to the TCP state that they name */
	unsigned int pause;    /* seconds, to let connections time out */
};

struct act {
	uint8_t proto; /* IPPROTO_ICMP for ICMPv6, too */
	const char *script;
	enum tcp_state tcp_state;
};

enum line_kind {
	LINE_TCP,
	LINE_UDP,
	LINE_ICMP,
	LINE_ERROR, /* an ICMP error about a packet of the conversation */
};

struct line {
	enum line_kind kind;
	uint8_t from;	   /* TALK_*, who sends it */
	uint8_t tcp_flags; /* LINE_TCP */
	int32_t seq_off;   /* from what the other end expects */
	uint8_t icmp_type; /* LINE_ICMP, LINE_ERROR */
	uint8_t about;	   /* TALK_*, whose packet an error quotes */
	bool has_bad_checksum;
};

/* The scene of this name, the one at this place; or NULL. */
const struct scene *scene_find(const char *name);
const struct scene *scene_at(size_t index);

typedef void scene_fn(void *context, const struct act *act,
		      uint8_t icmp_request, const struct line *line);

/* Call @fn for every line of every act of the scene. */
void scene_play(const struct scene *scene, enum family family, scene_fn *fn,
		void *context);

/* What a line is, in words, in static storage of @text. */
const char *scene_line_text(const struct line *line, char text[128]);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * A kernel that answers anything: the C library's calls of a netlink
 * conversation, whose answers are the input. What recv() returns is one
 * datagram after the other, each behind its length (two bytes, little-endian),
 * with the sequence number that is expected. After the last one nobody answers.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From now on. @data must stay until the next one begins. */
void answers_begin(const uint8_t *data, size_t size);

/*
 * As answers_begin(), and what is the same every time is not part of the
 * input: every family of generic netlink is there, and a request has one
 * datagram, which is followed by an acknowledgement.
 */
void answers_begin_short(const uint8_t *data, size_t size);

/* The next datagram, cut off at @room: for what else asks the kernel. false:
 * there are no more. */
bool answers_next(void *to, size_t room, size_t *length);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/* The options behind a TCP header. */
#include <stddef.h>
#include <stdint.h>

/* What a packet without the option has: more than 16 bits can say. */
#define TCP_NO_MSS 0x10000u

/*
 * The maximum segment size that @length bytes of options tell, as tcpmss_mt()
 * in net/netfilter/xt_tcpmss.c reads them: the first option of that kind whose
 * length is right. TCP_NO_MSS: there is none.
 */
uint32_t tcp_options_mss(const uint8_t *options, size_t length);

/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * What the words of a rule mean, as libxtables reads them: numbers, names and
 * lists of names (rules/names.def). Addresses are in rules/address.h, ports in
 * rules/ports.h. Each function returns 0, or -EINVAL with a
 * sentence that says what was seen and what was expected; *@out is untouched
 * on failure.
 */
#include "base/err.h"
#include "rules/ruleset.h"

/* Decimal, 0x hexadecimal or 0 octal; @what names it in the sentence. */
int values_number(const char *text, uint32_t max, const char *what,
		  uint32_t *out, struct err *err);

/* Packets or bytes: decimal, 64 bits. */
int values_counter(const char *text, uint64_t *out, struct err *err);

/* "[packets:bytes]" */
int values_counters(const char *text, uint64_t *packets, uint64_t *bytes,
		    struct err *err);

/* "low:high", each side open, or one number: both ends alike. */
int values_span(const char *text, uint32_t max, const char *what,
		struct span *out, struct err *err);

int values_iface(const char *text, struct iface_pattern *out, struct err *err);

/* A number or name; 0 is "all". */
int values_proto(const char *text, uint8_t *out, struct err *err);

int values_mac(const char *text, uint8_t out[6], struct err *err);

/* "FIN,SYN,RST,ACK", "ALL", "NONE" */
int values_tcp_flags(const char *text, uint8_t *out, struct err *err);

/* "8", "3/4" or a name that `iptables -p icmp -h` lists. */
int values_icmp_type(const char *text, enum family family,
		     struct icmp_type *out, struct err *err);

/* "0x10", "0x10/0x3f", or a name: "Minimize-Delay". */
int values_tos(const char *text, struct tos_mask *out, struct err *err);

/* The names of DSCP classes: "AF21", "EF". */
int values_dscp_class(const char *text, uint32_t *out, struct err *err);

/* CT_* bits; --state knows fewer than --ctstate. */
int values_state(const char *text, uint32_t *out, struct err *err);
int values_ct_state(const char *text, uint32_t *out, struct err *err);

/* 1 << RTN_* bits of a list of address types. */
int values_addr_types(const char *text, uint16_t *out, struct err *err);

/* "src,dst": of which of the packet's addresses and ports a set is asked. */
int values_set_dims(const char *text, struct set_dims *out, struct err *err);

/* PACKET_HOST, ... */
int values_pkt_type(const char *text, uint32_t *out, struct err *err);

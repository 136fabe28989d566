/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * Programs in the kernel: load one with its maps, find ours again, read its
 * counters. Needs no /sys/fs/bpf.
 */
#include <stdbool.h>
#include <stdint.h>

#include "bpf/program.h"

/* Where the kernel describes its own types. */
#define VMLINUX_BTF "/sys/kernel/btf/vmlinux"

/* What this kernel offers to programs; read once, nothing is attached. */
struct kernel_features {
	uint32_t version; /* major << 16 | minor; 0: not known */
	bool has_btf;	  /* /sys/kernel/btf/vmlinux */
	bool has_jit;	  /* net.core.bpf_jit_enable */
	bool has_frags;	  /* XDP multi-buffer programs, 5.18 */
	bool has_device;  /* bpf_cast_to_kern_ctx(): the program may look at the
			    receiving device, 6.2 */
	bool has_conntrack; /* bpf_xdp_ct_lookup(): it may ask connection
			       tracking, 5.18; as a module only once loaded */
	bool has_zones;	    /* also in other zones than the usual, 6.10 */
	char release[65];   /* uname -r */
	char lockdown[32];  /* "none", "integrity", ...; "": not known */
};
void kernel_features_probe(struct kernel_features *features);

struct loaded {
	int prog_fd;
	uint32_t prog_id;
	uint8_t tag[8];
	bool has_frags;
};

struct load_options {
	bool frags;	       /* take packets of more than one buffer */
	bool is_card;	       /* the frame of cards (bpf/card.bpf.c) */
	uint32_t ifindex;      /* of the card to load for; 0: the host runs it,
				  also the frame of cards, for tests */
	uint32_t tier;	       /* for wire_meta */
	const uint8_t *digest; /* 32 bytes for wire_meta */
	unsigned int expires;  /* bpf/expiry.h: in so many seconds; 0: cannot */
};

/*
 * Load @program with filled and frozen tables. On refusal the sentence has the
 * verifier's last lines; a missing capability is named. *@out is freed with
 * loaded_free(), which closes the fds: an attached program lives on.
 */
int load_program(const struct program *program,
		 const struct load_options *options, struct loaded **out,
		 struct err *err);
void loaded_free(struct loaded *loaded);
OWN_DEFINE(loaded)

/* Is the program with this id one of ours? 1 and *@meta filled, 0, -errno. */
int load_is_ours(uint32_t prog_id, struct wire_meta *meta, struct err *err);

/* An fd of the program with this id, or -errno. */
int load_prog_fd(uint32_t prog_id, struct err *err);

/*
 * An fd of the program's map of that name, type (enum bpf_map_type) and size
 * of values, with its number of elements in *@size; -ENOENT when it has none,
 * or -errno.
 */
int load_find_map(int prog_fd, const char *name, uint32_t type,
		  uint32_t value_size, uint32_t *size);

/*
 * An fd of that array of the program with this id, or -errno; -ENOENT when there
 * is no such program, or it has none ("program 5 @absent"). @hidden: what it
 * means that the kernel does not tell.
 */
int load_open_array(uint32_t prog_id, const char *name, uint32_t value_size,
		    const char *absent, const char *hidden, struct err *err);

/*
 * The counters, summed over processors, into drops[0..count-1]. 0 or -errno. A
 * card that does not answer takes five seconds (-ETIMEDOUT) for the first one.
 */
int load_read_drops(uint32_t prog_id, uint64_t *drops, size_t count,
		    struct err *err);

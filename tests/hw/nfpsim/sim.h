/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
/*
 * The parts of the simulated card. card.c makes it, ports.c moves packets,
 * messages.c answers the driver's control messages, maps.c keeps the tables,
 * programs.c keeps the programs, exec.c runs them.
 */
#include <linux/bpf.h>
#include <linux/skbuff.h>

struct net_device;
struct nfp_app;

/* card.c: shape and faults, set as module parameters. */
struct sim_shape {
	unsigned int ports;
	unsigned int abi;
	unsigned int max_len, stack_sz, inl_mtu;
	unsigned int map_types, max_maps, max_elems;
	unsigned int max_key_sz, max_val_sz, max_elem_sz;
	bool h_lookup, h_update, h_delete, h_perf;
	bool c_random, c_qsel, c_adj_head, c_adj_tail, c_multi_ent, c_relo;
	char *firmware;
};
extern struct sim_shape sim_shape;

struct sim_faults {
	int reconfig, load;
	int map_rc;
	bool mute;
	bool exec;
};
extern struct sim_faults sim_faults;

/* Does the BPF firmware run on the card? */
bool sim_has_bpf(void);

/* ports.c: nfpN and wireN, in the network namespace of the caller. */
int sim_ports_add(struct nfp_app *app, struct device *parent);
void sim_ports_del(void);
struct nfp_port;
struct nfp_port *sim_port(unsigned int i);

/* messages.c */
int sim_messages_start(struct nfp_app *app);
void sim_messages_stop(void);

/* The program calls bpf_perf_event_output(). */
void sim_event(struct nfp_app *app, u32 map_id, const void *data, u32 data_len,
	       const void *packet, u32 packet_len);

/* maps.c: what the firmware does with a table. 0 or -errno. */
struct sim_map;
struct sim_map *sim_map(u32 tid);
int sim_map_alloc(u32 type, u32 key_size, u32 value_size, u32 max_entries,
		  u32 *tid);
void sim_map_free(struct sim_map *map);
u32 sim_map_key_size(const struct sim_map *map);
u32 sim_map_value_size(const struct sim_map *map);
void *sim_map_lookup(struct sim_map *map, const void *key);
int sim_map_update(struct sim_map *map, const void *key, const void *value,
		   u64 flags);
int sim_map_delete(struct sim_map *map, const void *key);

/* The key after @key (the first after NULL), in *@index or in the table. */
const void *sim_map_next(struct sim_map *map, const void *key, u32 *index);

/* programs.c: a program as the kernel handed it to the driver. */
struct sim_program {
	struct list_head list;
	struct bpf_prog_aux *aux;
	int len;
	struct bpf_insn insns[];
};

/* exec.c */
struct sim_packet {
	u8 *data, *data_end;
	u8 *hard_start; /* how far adjust_head may go back */
	u32 rx_queue, ifindex;
	struct nfp_app *app;
};

/* Run @program over @packet, which it may change: its return code. */
u32 sim_exec(const struct sim_program *program, struct sim_packet *packet);

/* The same for a program of the kernel; XDP_ABORTED if it is not known. */
u32 sim_run(const struct bpf_prog *prog, struct sim_packet *packet);

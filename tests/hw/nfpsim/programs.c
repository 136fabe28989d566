// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy of every program as it was before the kernel's verifier: later passes
 * rewrite the calls of map helpers, which offloaded programs do not make on
 * this processor.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "tests/hw/nfpsim/sim.h"

static LIST_HEAD(programs);
static DEFINE_SPINLOCK(lock);
static const struct bpf_prog_offload_ops *driver;
static struct bpf_prog_offload_ops between;

static int prepare(struct bpf_prog *prog)
{
	struct sim_program *copy =
		kvmalloc(struct_size(copy, insns, prog->len), GFP_KERNEL);
	int rc;

	if (!copy)
		return -ENOMEM;
	copy->aux = prog->aux;
	copy->len = prog->len;
	memcpy(copy->insns, prog->insnsi, prog->len * sizeof(struct bpf_insn));
	rc = driver->prepare(prog);
	if (rc) {
		kvfree(copy);
		return rc;
	}
	spin_lock_bh(&lock);
	list_add(&copy->list, &programs);
	spin_unlock_bh(&lock);
	return 0;
}

static struct sim_program *find(const struct bpf_prog *prog)
{
	struct sim_program *program;

	list_for_each_entry(program, &programs,
			    list) if (program->aux == prog->aux) return program;
	return NULL;
}

static void destroy(struct bpf_prog *prog)
{
	struct sim_program *program;

	driver->destroy(prog);
	spin_lock_bh(&lock);
	program = find(prog);
	if (program)
		list_del(&program->list);
	spin_unlock_bh(&lock);
	kvfree(program);
}

/* nfp/bpf/main.c is built to call this instead of bpf_offload_dev_create(). */
struct bpf_offload_dev *
sim_offload_dev_create(const struct bpf_prog_offload_ops *ops, void *priv)
{
	driver = ops;
	between = *ops;
	between.prepare = prepare;
	between.destroy = destroy;
	return bpf_offload_dev_create(&between, priv);
}

u32 sim_run(const struct bpf_prog *prog, struct sim_packet *packet)
{
	struct sim_program *program;
	u32 code = XDP_ABORTED;

	spin_lock_bh(&lock);
	program = find(prog);
	if (program)
		code = sim_exec(program, packet);
	spin_unlock_bh(&lock);
	return code;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A Netronome card that does not exist, under the driver code that exists:
 * nfp/bpf/{main,offload,verifier,jit,cmsg}.c, nfp/ccm.c and nfp/nfp_asm.c are
 * Netronome's, unmodified. Ours is what they talk to: the registers, the
 * firmware's list of capabilities, the control channel, the tables, the ports.
 *
 * The shape of the card is set when the module is loaded (tests/hw/profiles.txt
 * has some), its faults at any time in /sys/module/nfp/parameters.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/vmalloc.h>
#include <nfpcore/nfp_cpp.h>
#include <nfpcore/nfp_nffw.h>
#include <nfpcore/nfp_nsp.h>
#include <nfp_app.h>
#include <nfp_main.h>
#include <nfp_net.h>
#include <nfp_port.h>
#include <bpf/main.h>

#include "tests/hw/nfpsim/sim.h"

struct sim_shape sim_shape = {
	.ports = 2,
	.abi = 3,
	.max_len = 8191,
	.stack_sz = 8,
	.inl_mtu = 28,
	.map_types = BIT(BPF_MAP_TYPE_HASH) | BIT(BPF_MAP_TYPE_ARRAY),
	.max_maps = 64,
	.max_elems = 3072000,
	.max_key_sz = 64,
	.max_val_sz = 64,
	.max_elem_sz = 64,
	.h_lookup = true,
	.h_update = true,
	.h_delete = true,
	.h_perf = true,
	.c_random = true,
	.c_qsel = true,
	.c_adj_head = true,
	.c_adj_tail = true,
	.c_multi_ent = true,
	.c_relo = true,
	.firmware = "ebpf",
};

struct sim_faults sim_faults = { .exec = true };

#define SHAPE(name, type, text)                                                \
	module_param_named(name, sim_shape.name, type, 0444);                  \
	MODULE_PARM_DESC(name, text)
SHAPE(ports, uint, "number of ports, 1 to 8");
SHAPE(abi, uint, "BPF ABI version, 2 or 3");
SHAPE(max_len, uint, "code store, instructions");
SHAPE(stack_sz, uint, "stack, in 64 bytes");
SHAPE(inl_mtu, uint, "where packets are split, in 64 bytes, plus 32");
SHAPE(map_types, uint, "bit mask of map types");
SHAPE(max_maps, uint, "maps");
SHAPE(max_elems, uint, "entries of all maps together");
SHAPE(max_key_sz, uint, "bytes");
SHAPE(max_val_sz, uint, "bytes");
SHAPE(max_elem_sz, uint, "key and value, each rounded up to 8 bytes");
SHAPE(h_lookup, bool, "has bpf_map_lookup_elem()");
SHAPE(h_update, bool, "has bpf_map_update_elem()");
SHAPE(h_delete, bool, "has bpf_map_delete_elem()");
SHAPE(h_perf, bool, "has bpf_perf_event_output()");
SHAPE(c_random, bool, "has bpf_get_prandom_u32()");
SHAPE(c_qsel, bool, "may write rx_queue_index");
SHAPE(c_adj_head, bool, "has bpf_xdp_adjust_head()");
SHAPE(c_adj_tail, bool, "has bpf_xdp_adjust_tail()");
SHAPE(c_multi_ent, bool, "several entries in a control message");
SHAPE(c_relo, bool, "replaces a running program");
SHAPE(firmware, charp, "last word of the firmware's version; BPF is ebpf");

module_param_named(fault_reconfig, sim_faults.reconfig, int, 0644);
MODULE_PARM_DESC(fault_reconfig, "errno when the driver configures a port");
module_param_named(fault_load, sim_faults.load, int, 0644);
MODULE_PARM_DESC(fault_load, "errno when the driver loads a program");
module_param_named(fault_map_rc, sim_faults.map_rc, int, 0644);
MODULE_PARM_DESC(fault_map_rc, "CMSG_RC_* in reply to every map message");
module_param_named(fault_mute, sim_faults.mute, bool, 0644);
MODULE_PARM_DESC(fault_mute, "no reply: the driver waits 5 s");
module_param_named(exec, sim_faults.exec, bool, 0644);
MODULE_PARM_DESC(exec, "run offloaded programs on packets from the wire");

static struct nfp_app app;
static struct nfp_pf pf;
static struct nfp_eth_table eth_table;
static struct platform_device *platform;
static struct device cpp_device;
static struct pci_dev *pci;
static struct nfp_net *control;

bool sim_has_bpf(void)
{
	return !strcmp(sim_shape.firmware, app_bpf.name);
}

/* The symbol _abi_bpf_capabilities in the card's memory: TLVs. */
struct nfp_cpp_area {
	u32 size;
	u8 mem[512];
};
static struct nfp_cpp_area capabilities;

static void say(u32 type, u32 count, const u32 *words)
{
	u32 header[] = { type, count * sizeof(*words) };
	u8 *to = capabilities.mem + capabilities.size;

	memcpy(to, header, sizeof(header));
	memcpy(to + sizeof(header), words, count * sizeof(*words));
	capabilities.size += sizeof(header) + count * sizeof(*words);
}

static void say_helper(bool has, u32 id, u32 address)
{
	u32 words[] = { id, address };

	if (has)
		say(NFP_BPF_CAP_TYPE_FUNC, ARRAY_SIZE(words), words);
}

static void say_flag(bool has, u32 type)
{
	if (has)
		say(type, 0, NULL);
}

static void say_all(void)
{
	const struct sim_shape *shape = &sim_shape;
	/* no metadata before the packet; 32 to 240 bytes of headroom, of which
	 * 128 up and 96 down are always there */
	u32 adjust_head[] = { NFP_BPF_ADJUST_HEAD_NO_META, 32, 240, 128, 96 };
	u32 map_limits[] = { shape->map_types,	shape->max_maps,
			     shape->max_elems,	shape->max_key_sz,
			     shape->max_val_sz, shape->max_elem_sz };

	say(NFP_BPF_CAP_TYPE_ABI_VERSION, 1, &shape->abi);
	say_helper(shape->h_lookup, BPF_FUNC_map_lookup_elem, 0x1001);
	say_helper(shape->h_update, BPF_FUNC_map_update_elem, 0x1002);
	say_helper(shape->h_delete, BPF_FUNC_map_delete_elem, 0x1003);
	say_helper(shape->h_perf, BPF_FUNC_perf_event_output, 0x1004);
	if (shape->map_types)
		say(NFP_BPF_CAP_TYPE_MAPS, ARRAY_SIZE(map_limits), map_limits);
	if (shape->c_adj_head)
		say(NFP_BPF_CAP_TYPE_ADJUST_HEAD, ARRAY_SIZE(adjust_head),
		    adjust_head);
	say_flag(shape->c_adj_tail, NFP_BPF_CAP_TYPE_ADJUST_TAIL);
	say_flag(shape->c_random, NFP_BPF_CAP_TYPE_RANDOM);
	say_flag(shape->c_qsel, NFP_BPF_CAP_TYPE_QUEUE_SELECT);
	/* With ABI 3 and no MAPS the driver divides by zero: cmsg.c,
	 * nfp_bpf_ctrl_cmsg_cache_cnt(). */
	say_flag(shape->c_multi_ent && shape->map_types,
		 NFP_BPF_CAP_TYPE_CMSG_MULTI_ENT);
}

u8 __iomem *nfp_rtsym_map(struct nfp_rtsym_table *table, const char *name,
			  const char *id, unsigned int min_size,
			  struct nfp_cpp_area **area)
{
	capabilities.size = 0;
	say_all();
	*area = &capabilities;
	return (u8 __iomem *)capabilities.mem;
}

size_t nfp_cpp_area_size(struct nfp_cpp_area *area)
{
	return area->size;
}

void nfp_cpp_area_release_free(struct nfp_cpp_area *area)
{
}

struct device *nfp_cpp_device(struct nfp_cpp *cpp)
{
	return &cpp_device;
}

void nfp_check_rhashtable_empty(void *entry, void *arg)
{
	WARN_ON_ONCE(1);
}

int nfp_app_nic_vnic_alloc(struct nfp_app *of, struct nfp_net *nn,
			   unsigned int id)
{
	return 0;
}

/* bpftool chooses its disassembler by this. */
static ssize_t vendor_show(struct device *dev, struct device_attribute *attr,
			   char *to)
{
	return sysfs_emit(to, "0x19ee\n");
}
static DEVICE_ATTR_RO(vendor);

static int app_make(void)
{
	int err;

	pf.pdev = pci;
	pf.app = &app;
	pf.cpp = (void *)1; /* never followed, only passed on */
	pf.eth_tbl = &eth_table;
	eth_table.count = pf.max_data_vnics = sim_shape.ports;
	app.pf = &pf;
	app.cpp = pf.cpp;
	app.pdev = pci;
	app.ctrl = control;
	app.type = &app_bpf;
	spin_lock_init(&control->r_vecs[0].lock);
	control->dp.dev = &platform->dev;
	err = nfp_app_init(&app);
	if (err) {
		app.priv = NULL; /* it was freed */
		return err;
	}
	control->dp.mtu = max(app.ctrl_mtu, 2048u);
	return app.type->start(&app);
}

static void card_free(void)
{
	sim_ports_del();
	if (app.priv)
		nfp_app_clean(&app);
	sim_messages_stop();
	device_remove_file(&platform->dev, &dev_attr_vendor);
	vfree(control);
	kfree(pci);
	platform_device_unregister(platform);
}

static int __init card_make(void)
{
	int err;

	sim_shape.ports = clamp(sim_shape.ports, 1u, 8u);
	control = vzalloc(sizeof(*control));
	pci = kzalloc(sizeof(*pci), GFP_KERNEL);
	platform = platform_device_register_simple("nfp", -1, NULL, 0);
	err = PTR_ERR_OR_ZERO(platform);
	if (!err && (!control || !pci))
		err = -ENOMEM;
	if (!err)
		err = sim_messages_start(&app);
	if (err) {
		if (!IS_ERR(platform))
			platform_device_unregister(platform);
		vfree(control);
		kfree(pci);
		return err;
	}
	pci->dev.init_name = "0000:00:00.0";
	cpp_device.parent = &platform->dev;
	err = device_create_file(&platform->dev, &dev_attr_vendor);
	if (!err)
		err = app_make();
	if (!err)
		err = sim_ports_add(&app, &platform->dev);
	if (err)
		card_free();
	return err;
}

module_init(card_make);
module_exit(card_free);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Netronome's BPF offload over a simulated card");

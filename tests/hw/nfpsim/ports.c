// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ports: what is sent into wireN arrives at nfpN after the program on the
 * card, and what nfpN sends comes out of wireN.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/slab.h>
#include <nfpcore/nfp_cpp.h>
#include <nfp_app.h>
#include <nfp_main.h>
#include <nfp_net.h>
#include <nfp_port.h>
#include <bpf/main.h>

#include "tests/hw/nfpsim/sim.h"

#define PORTS_MAX 8

static struct nfp_app *app;
static struct net_device *nics[PORTS_MAX], *wires[PORTS_MAX];
static struct nfp_port ports[PORTS_MAX];
/* The control registers as the firmware has taken them, which a driver whose
 * command failed may think otherwise of. */
static u32 taken_ctrl[PORTS_MAX];

/* The driver wrote registers and asks the firmware to look at them. */
int nfp_net_reconfig(struct nfp_net *nn, u32 update)
{
	if (sim_faults.reconfig)
		return -sim_faults.reconfig;
	if (update & NFP_NET_CFG_UPDATE_BPF && sim_faults.load)
		return -sim_faults.load;
	if (update & NFP_NET_CFG_UPDATE_BPF)
		netdev_info(nn->dp.netdev, "FW: loaded %u instructions\n",
			    nn_readw(nn, NFP_NET_CFG_BPF_SIZE));
	taken_ctrl[nn->id] = nn_readl(nn, NFP_NET_CFG_CTRL);
	return 0;
}

/* What the program on the card says; it may have changed the packet. */
static u32 run_offloaded(struct nfp_net *nn, struct sk_buff *skb)
{
	struct bpf_prog *prog = READ_ONCE(nn->xdp_hw.prog);
	struct sim_packet packet;
	u8 *before;
	u32 code;

	if (!prog || !(taken_ctrl[nn->id] & NFP_NET_CFG_CTRL_BPF) ||
	    !sim_faults.exec)
		return XDP_PASS;
	if (skb_cow(skb, XDP_PACKET_HEADROOM) || skb_linearize(skb))
		return XDP_ABORTED;
	before = skb->data;
	packet = (struct sim_packet){
		.data = before,
		.data_end = before + skb->len,
		.hard_start = before - XDP_PACKET_HEADROOM,
		.ifindex = nn->dp.netdev->ifindex,
		.app = app,
	};
	code = sim_run(prog, &packet);
	if (packet.data < before)
		skb_push(skb, before - packet.data);
	else
		skb_pull(skb, packet.data - before);
	skb_trim(skb, packet.data_end - packet.data);
	return code;
}

static void drop(struct net_device *dev, struct sk_buff *skb)
{
	dev->stats.rx_dropped++;
	kfree_skb(skb);
}

/* From the wire: the card's program, the driver's, the stack. */
static void receive(struct nfp_net *nn, struct net_device *wire,
		    struct sk_buff *skb)
{
	struct net_device *nic = nn->dp.netdev;

	switch (run_offloaded(nn, skb)) {
	case XDP_PASS:
		break;
	case XDP_TX:
		skb->protocol = eth_type_trans(skb, wire);
		netif_rx(skb);
		return;
	default: /* also 4, XDP_REDIRECT: jit.c, nfp_outro_xdp() */
		drop(nic, skb);
		return;
	}
	nic->stats.rx_packets++;
	nic->stats.rx_bytes += skb->len;
	skb->protocol = eth_type_trans(skb, nic);
	if (nn->xdp.prog && do_xdp_generic(nn->xdp.prog, skb) != XDP_PASS)
		return;
	netif_rx(skb);
}

static netdev_tx_t wire_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct nfp_net *nn = netdev_priv(nics[*(int *)netdev_priv(dev)]);

	dev->stats.tx_packets++;
	skb_orphan(skb);
	skb_scrub_packet(skb, true);
	if (netif_running(nn->dp.netdev))
		receive(nn, dev, skb);
	else
		kfree_skb(skb);
	return NETDEV_TX_OK;
}

static netdev_tx_t nic_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct nfp_net *nn = netdev_priv(dev);

	dev->stats.tx_packets++;
	skb_orphan(skb);
	skb_scrub_packet(skb, true);
	skb->protocol = eth_type_trans(skb, wires[nn->id]);
	netif_rx(skb);
	return NETDEV_TX_OK;
}

static int nic_init(struct net_device *dev)
{
	return sim_has_bpf() ? app->type->ndo_init(app, dev) : 0;
}

static void nic_uninit(struct net_device *dev)
{
	if (sim_has_bpf())
		app->type->ndo_uninit(app, dev);
}

static int nic_change_mtu(struct net_device *dev, int mtu)
{
	int err = sim_has_bpf() ? nfp_app_check_mtu(app, dev, mtu) : 0;

	if (!err)
		dev->mtu = mtu;
	return err;
}

/* nfp_net_common.c, nfp_net_xdp(); with other firmware as nfp_app.h has it. */
static int nic_bpf(struct net_device *dev, struct netdev_bpf *xdp)
{
	struct nfp_net *nn = netdev_priv(dev);
	int err;

	switch (xdp->command) {
	case XDP_SETUP_PROG:
		xdp_attachment_setup(&nn->xdp, xdp);
		return 0;
	case XDP_SETUP_PROG_HW:
		if (!sim_has_bpf())
			return -EOPNOTSUPP;
		err = nfp_app_xdp_offload(app, nn, xdp->prog, xdp->extack);
		if (!err)
			xdp_attachment_setup(&nn->xdp_hw, xdp);
		return err;
	default:
		return sim_has_bpf() ? nfp_app_bpf(app, nn, xdp) : -EINVAL;
	}
}

static const struct net_device_ops nic_ops = {
	.ndo_init = nic_init,
	.ndo_uninit = nic_uninit,
	.ndo_start_xmit = nic_xmit,
	.ndo_change_mtu = nic_change_mtu,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_bpf = nic_bpf,
};

static const struct net_device_ops wire_ops = {
	.ndo_start_xmit = wire_xmit,
	.ndo_set_mac_address = eth_mac_addr,
};

static void nic_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "nfp", sizeof(info->driver));
	snprintf(info->fw_version, sizeof(info->fw_version),
		 "0.0.5.5 0.25 nfpsim-2.0 %s", sim_shape.firmware);
	strscpy(info->bus_info, dev_name(dev->dev.parent),
		sizeof(info->bus_info));
}

static const struct ethtool_ops nic_ethtool = {
	.get_drvinfo = nic_drvinfo,
	.get_link = ethtool_op_get_link,
};

/* The registers of a port, in plain memory. */
static int registers_make(struct nfp_net *nn)
{
	nn->dp.ctrl_bar = (u8 __iomem *)kzalloc(NFP_NET_CFG_BAR_SZ, GFP_KERNEL);
	if (!nn->dp.ctrl_bar)
		return -ENOMEM;
	nn->cap = NFP_NET_CFG_CTRL_BPF;
	taken_ctrl[nn->id] = 0;
	nn_writeb(nn, NFP_NET_CFG_BPF_ABI, sim_shape.abi);
	nn_writeb(nn, NFP_NET_CFG_BPF_CAP,
		  sim_shape.c_relo ? NFP_NET_BPF_CAP_RELO : 0);
	nn_writew(nn, NFP_NET_CFG_BPF_MAX_LEN, sim_shape.max_len);
	nn_writew(nn, NFP_NET_CFG_BPF_START, 0x1000 / 8);
	nn_writew(nn, NFP_NET_CFG_BPF_DONE, 0x20);
	nn_writeb(nn, NFP_NET_CFG_BPF_STACK_SZ, sim_shape.stack_sz);
	nn_writeb(nn, NFP_NET_CFG_BPF_INL_MTU, sim_shape.inl_mtu);
	return 0;
}

static struct net_device *dev_make(const char *name, size_t priv,
				   const struct net_device_ops *ops)
{
	struct net_device *dev = alloc_etherdev(priv);

	if (!dev)
		return NULL;
	/* Where insmod was called, as netdevsim does it. */
	dev_net_set(dev, current->nsproxy->net_ns);
	strscpy(dev->name, name, IFNAMSIZ);
	eth_hw_addr_random(dev);
	dev->netdev_ops = ops;
	dev->max_mtu = 9216;
	dev->priv_flags |= IFF_NO_QUEUE;
	return dev;
}

static int nic_add(int i, struct device *parent)
{
	struct net_device *dev =
		dev_make("nfp%d", sizeof(struct nfp_net), &nic_ops);
	struct nfp_net *nn;
	int err;

	if (!dev)
		return -ENOMEM;
	SET_NETDEV_DEV(dev, parent);
	dev->ethtool_ops = &nic_ethtool;
	nn = netdev_priv(dev);
	nn->dp.netdev = dev;
	nn->dp.dev = parent;
	nn->app = app;
	nn->id = i;
	nn->port = &ports[i];
	err = registers_make(nn);
	if (!err)
		err = app->type->vnic_alloc(app, nn, i);
	if (!err)
		err = register_netdev(dev);
	if (err)
		free_netdev(dev);
	else
		nics[i] = dev;
	return err;
}

static int wire_add(int i)
{
	struct net_device *dev = dev_make("wire%d", sizeof(int), &wire_ops);
	int err;

	if (!dev)
		return -ENOMEM;
	*(int *)netdev_priv(dev) = i;
	err = register_netdev(dev);
	if (err)
		free_netdev(dev);
	else
		wires[i] = dev;
	return err;
}

int sim_ports_add(struct nfp_app *of, struct device *parent)
{
	int i, err = 0;

	app = of;
	for (i = 0; i < sim_shape.ports && !err; i++) {
		err = nic_add(i, parent);
		if (!err)
			err = wire_add(i);
	}
	return err;
}

void sim_ports_del(void)
{
	struct nfp_net *nn;
	int i;

	for (i = 0; i < PORTS_MAX; i++) {
		if (wires[i]) {
			unregister_netdev(wires[i]);
			free_netdev(wires[i]);
			wires[i] = NULL;
		}
		if (!nics[i])
			continue;
		nn = netdev_priv(nics[i]);
		unregister_netdev(nics[i]);
		app->type->vnic_free(app, nn);
		kfree((void *)nn->dp.ctrl_bar);
		free_netdev(nics[i]);
		nics[i] = NULL;
	}
}

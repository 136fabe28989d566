// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card's end of the control channel: every map operation of the driver is
 * a message that is answered here, later and from another thread, as by
 * firmware. nfp/bpf/fw.h describes them.
 */
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <nfpcore/nfp_cpp.h>
#include <nfp_app.h>
#include <nfp_main.h>
#include <nfp_net.h>
#include <bpf/fw.h>
#include <bpf/main.h>

#include "tests/hw/nfpsim/sim.h"

/* More entries in one message than this card gives (MULTI_ENT). */
#define ENTRIES_MAX 4u

static struct nfp_app *app;
static struct workqueue_struct *queue;
static struct sk_buff_head requests;

static u32 rc_of(int err)
{
	switch (err) {
	case 0:
		return CMSG_RC_SUCCESS;
	case -ENOENT:
		return CMSG_RC_ERR_MAP_NOENT;
	case -EEXIST:
		return CMSG_RC_ERR_MAP_EXIST;
	case -E2BIG:
		return CMSG_RC_ERR_MAP_E2BIG;
	case -ENOMEM:
		return CMSG_RC_ERR_MAP_NOMEM;
	case -EBADF:
		return CMSG_RC_ERR_MAP_FD;
	}
	return CMSG_RC_ERR_MAP_ERR;
}

/* A reply of @size bytes to @request; everything behind the header is 0. */
static struct sk_buff *reply_make(struct sk_buff *request, unsigned int size)
{
	struct nfp_ccm_hdr *asked = (void *)request->data, *header;
	struct sk_buff *reply = alloc_skb(size, GFP_KERNEL | __GFP_NOFAIL);

	header = skb_put_zero(reply, size);
	header->type = __NFP_CCM_REPLY(asked->type);
	header->ver = NFP_CCM_ABI_VERSION;
	header->tag = asked->tag;
	return reply;
}

static struct sk_buff *handle_alloc(struct sk_buff *request)
{
	struct cmsg_req_map_alloc_tbl *asked = (void *)request->data;
	struct cmsg_reply_map_alloc_tbl *said;
	struct sk_buff *reply = reply_make(request, sizeof(*said));
	u32 rc = sim_faults.map_rc, tid = 0;

	said = (void *)reply->data;
	if (!rc)
		rc = rc_of(sim_map_alloc(be32_to_cpu(asked->map_type),
					 be32_to_cpu(asked->key_size),
					 be32_to_cpu(asked->value_size),
					 be32_to_cpu(asked->max_entries),
					 &tid));
	said->tid = cpu_to_be32(tid);
	said->reply_hdr.rc = cpu_to_be32(rc);
	return reply;
}

static struct sk_buff *handle_free(struct sk_buff *request)
{
	struct cmsg_req_map_free_tbl *asked = (void *)request->data;
	struct cmsg_reply_map_free_tbl *said;
	struct sk_buff *reply = reply_make(request, sizeof(*said));
	struct sim_map *map = sim_map(be32_to_cpu(asked->tid));

	said = (void *)reply->data;
	if (map)
		sim_map_free(map);
	said->reply_hdr.rc =
		cpu_to_be32(map ? sim_faults.map_rc : CMSG_RC_ERR_MAP_FD);
	return reply;
}

/* Entries for a walk: as many as asked, or the end of the table. */
static u32 walk(struct sim_map *map, const void *key, u32 wanted, u8 *to,
		u32 *count)
{
	struct nfp_app_bpf *bpf = app->priv;
	u32 size = bpf->cmsg_key_sz + bpf->cmsg_val_sz, index;

	for (*count = 0; *count < wanted; ++*count, to += size) {
		key = sim_map_next(map, key, &index);
		if (!key)
			return CMSG_RC_ERR_MAP_NOENT;
		memcpy(to, key, sim_map_key_size(map));
		memcpy(to + bpf->cmsg_key_sz, sim_map_lookup(map, key),
		       sim_map_value_size(map));
		key = to;
	}
	return CMSG_RC_SUCCESS;
}

static u32 lookup(struct sim_map *map, const void *key, u8 *to, u32 *count)
{
	struct nfp_app_bpf *bpf = app->priv;
	const void *value = sim_map_lookup(map, key);

	if (!value)
		return CMSG_RC_ERR_MAP_NOENT;
	memcpy(to, key, sim_map_key_size(map));
	memcpy(to + bpf->cmsg_key_sz, value, sim_map_value_size(map));
	*count = 1;
	return CMSG_RC_SUCCESS;
}

static u32 operate(int type, struct sim_map *map, struct cmsg_req_map_op *asked,
		   u8 *to, u32 *count)
{
	struct nfp_app_bpf *bpf = app->priv;
	u32 wanted = min(be32_to_cpu(asked->count), ENTRIES_MAX), rc;
	const u8 *key = asked->data, *value = key + bpf->cmsg_key_sz;

	if (sim_faults.map_rc)
		return sim_faults.map_rc;
	if (!map)
		return CMSG_RC_ERR_MAP_FD;
	switch (type) {
	case NFP_CCM_TYPE_BPF_MAP_UPDATE:
		rc = rc_of(sim_map_update(map, key, value,
					  be32_to_cpu(asked->flags)));
		*count = !rc;
		return rc;
	case NFP_CCM_TYPE_BPF_MAP_DELETE:
		rc = rc_of(sim_map_delete(map, key));
		*count = !rc;
		return rc;
	case NFP_CCM_TYPE_BPF_MAP_LOOKUP:
		return lookup(map, key, to, count);
	case NFP_CCM_TYPE_BPF_MAP_GETFIRST:
		return walk(map, NULL, wanted, to, count);
	case NFP_CCM_TYPE_BPF_MAP_GETNEXT:
		return walk(map, key, wanted, to, count);
	}
	return CMSG_RC_ERR_MAP_ERR;
}

static struct sk_buff *handle_entry(struct sk_buff *request)
{
	struct cmsg_req_map_op *asked = (void *)request->data;
	struct nfp_app_bpf *bpf = app->priv;
	u32 size = bpf->cmsg_key_sz + bpf->cmsg_val_sz, rc, count = 0;
	struct cmsg_reply_map_op *said;
	struct sk_buff *reply =
		reply_make(request, sizeof(*said) + (ENTRIES_MAX + 1) * size);

	said = (void *)reply->data;
	rc = operate(asked->hdr.type, sim_map(be32_to_cpu(asked->tid)), asked,
		     said->data, &count);
	said->count = cpu_to_be32(count);
	said->reply_hdr.rc = cpu_to_be32(rc);
	skb_trim(reply, sizeof(*said) + (count + !!rc) * size);
	return reply;
}

static void answer(struct sk_buff *request)
{
	struct nfp_ccm_hdr *header = (void *)request->data;
	struct sk_buff *reply;

	switch (header->type) {
	case NFP_CCM_TYPE_BPF_MAP_ALLOC:
		reply = handle_alloc(request);
		break;
	case NFP_CCM_TYPE_BPF_MAP_FREE:
		reply = handle_free(request);
		break;
	default:
		reply = handle_entry(request);
	}
	nfp_app_ctrl_rx(app, reply);
}

static void answer_all(struct work_struct *work)
{
	struct sk_buff *request;

	while ((request = skb_dequeue(&requests))) {
		if (!sim_faults.mute)
			answer(request);
		kfree_skb(request);
	}
}
static DECLARE_WORK(work, answer_all);

/* The driver sends; true would mean that the channel is full. */
bool __nfp_ctrl_tx(struct nfp_net *nn, struct sk_buff *skb)
{
	skb_queue_tail(&requests, skb);
	queue_work(queue, &work);
	return false;
}

struct sk_buff *nfp_app_ctrl_msg_alloc(struct nfp_app *of, unsigned int size,
				       gfp_t priority)
{
	return alloc_skb(size, priority);
}

void sim_event(struct nfp_app *of, u32 map_id, const void *data, u32 data_len,
	       const void *packet, u32 packet_len)
{
	struct cmsg_bpf_event *event;
	u32 size = sizeof(*event) + round_up(packet_len, 4) +
		   round_up(data_len, 4);
	struct sk_buff *skb = alloc_skb(size, GFP_ATOMIC);

	if (!skb)
		return;
	event = skb_put_zero(skb, size);
	event->hdr.type = NFP_CCM_TYPE_BPF_BPF_EVENT;
	event->hdr.ver = NFP_CCM_ABI_VERSION;
	event->cpu_id = cpu_to_be32(smp_processor_id());
	event->map_ptr = cpu_to_be64(map_id);
	event->data_size = cpu_to_be32(data_len);
	event->pkt_size = cpu_to_be32(packet_len);
	memcpy(event->data, packet, packet_len);
	memcpy(event->data + round_up(packet_len, 4), data, data_len);
	nfp_app_ctrl_rx(of, skb);
}

int sim_messages_start(struct nfp_app *of)
{
	app = of;
	skb_queue_head_init(&requests);
	queue = alloc_ordered_workqueue("nfpsim", 0);
	return queue ? 0 : -ENOMEM;
}

void sim_messages_stop(void)
{
	destroy_workqueue(queue);
	skb_queue_purge(&requests);
}

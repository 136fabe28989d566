// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/own.h"
#include "bpf/capture.h"
#include "bpf/load.h"

#define JIT_SYSCTL "/proc/sys/net/core/bpf_jit_enable"
#define LOCKDOWN   "/sys/kernel/security/lockdown"

/* An fd of a program that passes everything, or -errno. */
static int load_trial(uint32_t flags)
{
	static const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = flags);

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "wirewall_trial", "GPL", pass,
			     ARRAY_SIZE(pass), &opts);
}

/* The setting; visible only in the first network namespace. */
static bool is_jit_set(void)
{
	OWN_FILE FILE *file = fopen(JIT_SYSCTL, "re");

	return file && fgetc(file) > '0';
}

static bool is_jited(void)
{
	OWN_FD int fd = load_trial(0);
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size))
		return is_jit_set();
	return info.jited_prog_len > 0;
}

static bool has_frags(void)
{
	OWN_FD int fd = load_trial(BPF_F_XDP_HAS_FRAGS);

	return fd >= 0;
}

static bool has_function(const struct btf *btf, const char *name)
{
	return btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0;
}

static bool has_device(const struct btf *kernel)
{
	return has_function(kernel, "bpf_cast_to_kern_ctx") &&
	       has_function(kernel, "bpf_rdonly_cast");
}

static bool has_lookup(const struct btf *btf)
{
	return has_function(btf, "bpf_xdp_ct_lookup") &&
	       has_function(btf, "bpf_ct_release");
}

/* struct bpf_ct_opts has ct_zone_id. */
static bool has_zones(const struct btf *btf)
{
	int id = btf__find_by_name_kind(btf, "bpf_ct_opts", BTF_KIND_STRUCT);
	const struct btf_type *type =
		id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;

	for (__u16 i = 0; type && i < btf_vlen(type); i++) {
		const struct btf_member *member = btf_members(type) + i;

		if (!strcmp(btf__name_by_offset(btf, member->name_off),
			    "ct_zone_id"))
			return true;
	}
	return false;
}

/* Built in, or in a module that is loaded now. */
static void probe_conntrack(struct btf *kernel,
			    struct kernel_features *features)
{
	struct btf *module = NULL;
	const struct btf *btf = kernel;

	if (!has_lookup(kernel))
		btf = module = btf__load_module_btf("nf_conntrack", kernel);
	features->has_conntrack = btf && has_lookup(btf);
	features->has_zones = features->has_conntrack && has_zones(btf);
	btf__free(module);
}

static void read_version(struct kernel_features *features)
{
	unsigned int major, minor;
	struct utsname name;

	if (uname(&name) < 0)
		return;
	snprintf(features->release, sizeof(features->release), "%.64s",
		 name.release);
	if (sscanf(name.release, "%4u.%4u", &major, &minor) == 2)
		features->version = major << 16 | minor;
}

/* The one in brackets: none [integrity] confidentiality */
static void read_lockdown(struct kernel_features *features)
{
	OWN_FILE FILE *file = fopen(LOCKDOWN, "re");
	char line[128] = "";

	if (!file || !fgets(line, sizeof(line), file))
		return;
	const char *open = strchr(line, '[');
	if (open)
		snprintf(features->lockdown, sizeof(features->lockdown), "%.*s",
			 (int)strcspn(open + 1, "]"), open + 1);
}

void kernel_features_probe(struct kernel_features *features)
{
	OWN_BUF struct buf words = BUF_INIT;

	*features = (struct kernel_features){
		.has_jit = is_jited(),
		.has_frags = has_frags(),
	};
	read_version(features);
	read_lockdown(features);
	capture_begin(&words);
	struct btf *kernel = btf__load_vmlinux_btf();
	if (kernel) {
		features->has_btf = true;
		features->has_device = has_device(kernel);
		probe_conntrack(kernel, features);
	}
	btf__free(kernel);
	capture_end();
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Emulated cards: what caps predicts is what apply reaches and what the kernel
# says. The host of a virtio card decides what it lets go of.
#
# guest-files: tests/lib/caps.sh build/tests/hw/objects/pass.bpf.o
# guest-devices: -netdev tap,id=v1,ifname=v1,script=no,downscript=no -device virtio-net-pci,netdev=v1,mac=52:54:00:00:00:01,romfile=
# guest-devices: -netdev tap,id=v2,ifname=v2,script=no,downscript=no -device virtio-net-pci,netdev=v2,mac=52:54:00:00:00:02,romfile=,ctrl_guest_offloads=off
# guest-devices: -netdev tap,id=v3,ifname=v3,script=no,downscript=no -device virtio-net-pci,netdev=v3,mac=52:54:00:00:00:03,romfile=,ctrl_guest_offloads=off,guest_tso4=off,guest_tso6=off,guest_ecn=off,guest_ufo=off,guest_csum=off
# guest-devices: -netdev user,id=v4 -device vmxnet3,netdev=v4,mac=52:54:00:00:00:04,romfile=

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../../lib/caps.sh"

for module in virtio_pci virtio_net vmxnet3; do
	modprobe "$module" 2>/dev/null
done
sleep 1
ns_make host || exit 1
caps_begin

if device_take 52:54:00:00:00:01 free0; then
	agree "a virtio card whose host lets go of its offloads" free0 native
	ip -n host link set free0 mtu 4064
	agree "at the largest MTU" free0 native
	ip -n host link set free0 mtu 4065
	agree "one byte more" free0 none mtu-too-large \
		"MTU too large to enable XDP"
	output=$(wirewall caps free0)
	check_says "fix +ip link set dev free0 mtu 4064$" "has a fix"
	wirewall caps --fix free0 >"$scratch/fix.sh"
	check "the fix runs" in_ns host sh "$scratch/fix.sh"
	agree "after the fix" free0 native
else
	skip "a virtio card" "the guest has none: no tap"
fi

if device_take 52:54:00:00:00:02 held0; then
	agree "a virtio card whose host keeps them" held0 none host-offloads \
		"host is implementing GRO_HW/CSUM"
	output=$(wirewall caps held0)
	check_says "guest_tso4=off" "the remedy is the host's"
	check_says "makes the kernel warn" "and generic is not advised"
else
	skip "a virtio card whose host keeps its offloads" "no tap"
fi

if device_take 52:54:00:00:00:03 fixed0; then
	agree "the same after the remedy" fixed0 native
else
	skip "a virtio card after the remedy" "no tap"
fi

if device_take 52:54:00:00:00:04 vmx0; then
	agree "vmxnet3, whose LRO generic XDP would switch off" vmx0 none \
		old-kernel "driver does not support XDP in native mode"
	# shellcheck disable=SC2034 # for check_says
	output=$(wirewall caps vmx0)
	check_says "LRO is on, and any generic program" "says so"
	reached_by vmx0 --max generic
	check "generic is had by name" test "$reached" = generic
	in_ns host ethtool -K vmx0 lro off
	agree "vmxnet3 without LRO" vmx0 generic
else
	skip "vmxnet3" "the guest has none"
fi

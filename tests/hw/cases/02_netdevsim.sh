#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# netdevsim: attaching and its failures, with no card behind it.
#
# guest-files: build/hw/netdevsim.ko tests/hw/lib.sh tests/hw/cards.txt
# guest-files: build/tests/hw/objects/pass.bpf.o build/tests/hw/objects/drop.bpf.o

. "$(dirname "$0")/../lib.sh"

modes() {
	ip -d link show nsim0 | grep -o 'xdp[a-z]\+' | grep -v multi | sort -u |
		paste -sd' '
}

check "netdevsim is there" nsim_make
load pass nsim0 pass
load other nsim0 drop
load host - pass
check_fails "a program of the host is none for the card" \
	attach xdpoffload host nsim0
check_fails "nor one of the card for the driver" attach xdpdrv pass nsim0
check_fails "or for generic XDP" attach xdpgeneric pass nsim0
check "hw takes the card's" attach xdpoffload pass nsim0
check "native stands beside it" attach xdpdrv host nsim0
check_is "xdpdrv xdpoffload" "both are seen" modes
check_fails "generic does not stand beside native" attach xdpgeneric host nsim0
check "hw is replaced alone" attach xdpoffload other nsim0 overwrite
check_is "xdpdrv xdpoffload" "and both are seen" modes
check "native goes alone" detach xdpdrv nsim0
check_is "xdpoffload" "hw is left" modes
check "generic stands beside hw" attach xdpgeneric host nsim0
check "hw goes alone" detach xdpoffload nsim0
check "generic goes" detach xdpgeneric nsim0

echo N >"$nsim_knobs/bpf_bind_accept"
check_fails "bpf_bind_accept=N: nothing loads" load again nsim0 pass
echo Y >"$nsim_knobs/bpf_bind_accept"
echo N >"$nsim_knobs/ports/0/bpf_xdpoffload_accept"
check_fails "bpf_xdpoffload_accept=N: nothing attaches" \
	attach xdpoffload pass nsim0
echo Y >"$nsim_knobs/ports/0/bpf_xdpoffload_accept"
check "hw takes the card's again" attach xdpoffload pass nsim0
check "the device goes with the program on it" nsim_remove
unload pass other host

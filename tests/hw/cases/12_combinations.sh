#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# netdevsim: wirewall's programs on the card beside native, generic and nothing,
# and programs of others at either place. (It has room for two elements a map,
# and runs nothing itself.)
#
# guest-files: build/hw/netdevsim.ko tests/hw/lib.sh tests/hw/cards.txt
# guest-files: tests/hw/host.sh
# guest-files: build/tests/hw/objects/pass.bpf.o

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../host.sh"

apply() {
	wirewall apply --rules "$rules" --static "$@" nsim0
}

# knob NAME Y|N
knob() {
	echo "$2" >"$nsim_knobs/ports/0/$1"
}

check "netdevsim is there" nsim_make
ip addr add 192.0.2.1/24 dev nsim0
rules_make '-p udp -m udp --dport 7 -j DROP'
check "hw and native" apply
check_is "xdpdrv xdpoffload" "stand beside each other" modes nsim0
check "remove" wirewall remove nsim0
check_is "" "takes both" modes nsim0

knob bpf_xdpdrv_accept N
check "hw and generic" apply
check_says 'hw, program [0-9]+, and generic, ' "where native is refused"
check_says 'not native: ' "which is told"
check_is "xdpgeneric xdpoffload" "stand beside each other" modes nsim0
check "the same again" apply
check_says 'as before' "stays"
check "remove" wirewall remove nsim0
knob bpf_xdpdrv_accept Y

knob bpf_xdpoffload_accept N
check "native" apply
check_says 'not hw: .*netdevsim' "where hw is refused, in the driver's words"
check_is xdpdrv "stands alone" modes nsim0
check_exit 4 "hw is not to be had" apply --require hw
check_is xdpdrv "and native stands" modes nsim0
knob bpf_xdpoffload_accept Y
check "hw comes back" apply
check_is "xdpdrv xdpoffload" "beside native" modes nsim0
ip link set dev nsim0 xdpdrv off
check "status" wirewall status nsim0
check_says 'nsim0: hw, program' "knows hw alone"
check "native comes back" apply
check_is "xdpdrv xdpoffload" "beside hw" modes nsim0
ip link set dev nsim0 xdpoffload off
check "off" wirewall off
check_is "" "takes native alone, too" modes nsim0

load other nsim0 pass
attach xdpoffload other nsim0
check_exit 3 "a program of others on the card" apply
check_says 'xdpoffload off' "is not touched, and how it goes is told"
check_is xdpoffload "it is there alone" modes nsim0
check_exit 3 "nor is it removed" wirewall remove nsim0
check "without the card" apply --max native
check_is "xdpdrv xdpoffload" "native stands beside it" modes nsim0
check "off" wirewall off
check_is xdpoffload "leaves it alone" modes nsim0
detach xdpoffload nsim0
unload other

rules_make '-p udp -m udp --dport 7 -j DROP' \
	'-p tcp -m tcp --dport 7 -j DROP' '-p tcp -m tcp --dport 8 -j DROP' \
	'-p tcp -m tcp --dport 9 -j DROP'
check "more than fits" apply
check_says ' [1-3] of them on the card, which has no room for all 4' \
	"is cut where it fits"
check_is "xdpdrv xdpoffload" "and stands beside native" modes nsim0
check "the device goes with the programs on it" nsim_remove
check_is "no program of wirewall is attached" "and nothing is left" \
	wirewall status

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced first by tests/hw/cases/*.sh, in the guest. Beyond tests/vm/lib.sh:
# cards that run programs themselves.
#
#	wire0 ----> [program on the card] ----> nfp0	(and wire1, nfp1)
#
# guest-files: of a case have to name build/hw/nfp.ko or build/hw/netdevsim.ko,
# tests/hw/lib.sh and tests/hw/cards.txt.

. "$(dirname "${BASH_SOURCE[0]}")/../vm/lib.sh"
mount -t debugfs debugfs /sys/kernel/debug
mount -t bpf bpf /sys/fs/bpf
knobs=/sys/module/nfp/parameters

# card_insert [CARD] [PARAMETER=VALUE...]: a card of tests/hw/cards.txt (typical),
# up, in this namespace, in place of the one before.
card_insert() {
	local name=typical shape
	case ${1:-} in '' | *=*) ;; *) name=$1 && shift ;; esac
	shape=$(sed -n "/^CARD(${name},/ { s/^[^,]*,//; s/[.,)]//g; s/ = /=/g; p }" \
		"$top/tests/hw/cards.txt")
	if [ -z "$shape" ]; then
		echo "tests/hw/cards.txt has no card $name" >&2
		return 1
	fi
	card_remove
	# shellcheck disable=SC2086 # words are parameters
	insmod "$top/build/hw/nfp.ko" $shape "$@" || return
	sysctl -qw net.ipv6.conf.{nfp,wire}{0,1}.disable_ipv6=1
	ip link set nfp0 up && ip link set wire0 up
}

card_remove() {
	! grep -q '^nfp ' /proc/modules || rmmod nfp
}

# fault NAME VALUE: what the card does wrong from now on (modinfo nfp.ko).
fault() {
	echo "$2" >"$knobs/$1"
}

objects=$top/build/tests/hw/objects

# load NAME IF OBJECT: an object's program and maps for a card, as NAME in
# /sys/fs/bpf. `-` as IF: for no card.
load() {
	local pin=/sys/fs/bpf/$1
	rm -rf "$pin" "$pin-maps"
	if [ "$2" = - ]; then
		bpftool prog load "$objects/$3.bpf.o" "$pin" type xdp
	else
		bpftool prog load "$objects/$3.bpf.o" "$pin" type xdp dev "$2" \
			pinmaps "$pin-maps"
	fi
}

# attach MODE NAME IF [overwrite]: xdpoffload, xdpdrv or xdpgeneric.
attach() {
	bpftool net attach "$1" pinned "/sys/fs/bpf/$2" dev "$3" ${4:-}
}

detach() {
	bpftool net detach "$1" dev "$2"
}

# counter NAME MAP KEY: a number of 64 bits.
counter() {
	bpftool -j map lookup pinned "/sys/fs/bpf/$1-maps/$2" key "$3" 0 0 0 |
		sed -n 's/.*"value":\["\([^]]*\)"\].*/\1/p' | tr -d '", ' |
		sed 's/0x//g; s/\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)/0x\8\7\6\5\4\3\2\1/' |
		xargs printf '%d\n'
}

# unload NAME...
unload() {
	local name
	for name; do
		rm -rf "/sys/fs/bpf/$name" "/sys/fs/bpf/$name-maps"
	done
}

nsim_knobs=/sys/kernel/debug/netdevsim/netdevsim1

# nsim_make: a netdevsim device named nsim0.
nsim_make() {
	modprobe psample && { grep -q '^netdevsim ' /proc/modules ||
		insmod "$top/build/hw/netdevsim.ko"; } || return
	echo "1 1" >/sys/bus/netdevsim/new_device || return
	wait_for 5 test -d "$nsim_knobs/ports/0" &&
		ip link set "$(ls /sys/bus/netdevsim/devices/netdevsim1/net)" \
			name nsim0 && ip link set nsim0 up
}

nsim_remove() {
	echo 1 >/sys/bus/netdevsim/del_device
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced behind tests/kernel/lib.sh by tests of capabilities, here and in the guest: what
# caps predicts of an interface of the namespace "host", what apply reaches, and
# what the kernel itself says to a program that it has never heard of wirewall.

caps_begin() {
	cat >"$scratch/caps.rules" <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -s 10.1.0.0/16 -j DROP
COMMIT
RULES
	object=$top/${BUILD:-build}/tests/hw/objects/pass.bpf.o
	[ -s "$object" ] || skip_all "capabilities" "no $object: make tests"
	# Where ip looks for it; a fresh /sys has none.
	mount -t bpf bpf /sys/fs/bpf
}

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

# member NAME: of the JSON on stdin, the first one of that name; its value.
member() {
	sed -n 's/.*"'"$1"'": "\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1/p' |
		head -n 1
}

# caps_of IF: its answer, in $caps.
caps_of() {
	caps=$(wirewall caps --json "$1" 2>&1)
}

# reached_by IF [OPTION...]: the tier that apply reaches; nothing is left behind.
reached_by() {
	local dev=$1
	shift
	reached=$(wirewall apply --json --static --rules "$scratch/caps.rules" \
		"$@" "$dev" 2>"$scratch/apply.err")
	reached=$(member tier <<<"$reached")
	wirewall off >/dev/null 2>&1
}

# theirs IF MODE PROGRAM...: as `ip link set`. Not by ip -n, which changes /sys
# and then does not find what is mounted there.
theirs() {
	nsenter --net=/run/netns/host ip link set dev "$@"
}

# refused IF MODE: what the kernel says to somebody else's program, or nothing.
refused() {
	local said
	if said=$(theirs "$1" "$2" obj "$object" sec xdp 2>&1); then
		theirs "$1" "$2" off
	else
		echo "${said:-refused without a word}"
	fi
}

# foresee WHAT IF TIER [REASON [WORDS]]: caps predicts TIER, and REASON where it
# is not native; the kernel refuses programs of others in the same WORDS.
foresee() {
	local what=$1 dev=$2 tier=$3 reason=${4:-} words=${5:-}
	caps_of "$dev"
	if [ "$(member recommended <<<"$caps")" = "$tier" ]; then
		ok "$what: caps says $tier"
	else
		not_ok "$what: caps says $tier" "$(wirewall caps "$dev" 2>&1)"
	fi
	if [ -n "$reason" ]; then
		output=$caps
		check_says "\"reason\": \"$reason\"" "$what: because of $reason"
	fi
	[ -n "$words" ] || return 0
	# shellcheck disable=SC2034 # for check_says
	output=$(refused "$dev" xdpdrv)
	check_says "$words" "$what: the kernel refuses others, too"
}

# agree ...: the same, and apply reaches TIER.
agree() {
	foresee "$@"
	reached_by "$2"
	if [ "$reached" = "$3" ]; then
		ok "$1: apply reaches $3"
	else
		not_ok "$1: apply reaches $3" "reached: $reached
$(cat "$scratch/apply.err")"
	fi
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What caps predicts of cards, what check says with their driver asked, and
# --log-sample on one: against what apply then gets and where packets die.
#
# guest-files: build/hw/nfp.ko build/hw/netdevsim.ko tests/hw/lib.sh
# guest-files: tests/hw/cards.txt tests/hw/host.sh tests/lib/caps.sh
# guest-files: build/tests/hw/objects/pass.bpf.o
# guest-files: build/tests/hw/objects/ok_hash.bpf.o
# guest-files: build/tests/hw/objects/no_value_store.bpf.o
# guest-files: build/tests/hw/objects/no_firmware_random.bpf.o
# guest-files: build/tests/hw/objects/no_map_entries.bpf.o

. "$(dirname "$0")/../lib.sh"
. "$top/tests/lib/caps.sh"
. "$(dirname "$0")/../host.sh"

# predicted IF: the verdict on hw, the advice.
predicted() {
	caps_of "$1"
	echo "$(sed -n '/"hw": {/,/}/p' <<<"$caps" | member verdict)" \
		"$(member recommended <<<"$caps")"
}

# reaches EXPECTED SENTENCE IF [OPTION...]: the tier of `apply --static`; nothing
# is left behind.
reaches() {
	local expected=$1 sentence=$2 dev=$3 reached
	shift 3
	reached=$(wirewall apply --json --static --rules "$rules" "$@" "$dev" \
		2>"$scratch/apply.err" | member tier)
	wirewall off >/dev/null
	if [ "$reached" = "$expected" ]; then
		ok "$sentence"
	else
		not_ok "$sentence" "reached: $reached
$(cat "$scratch/apply.err")"
	fi
}

# says_why PATTERN SENTENCE IF
says_why() {
	# shellcheck disable=SC2034 # for check_says
	output=$(wirewall caps "$3" 2>&1)
	check_says "$1" "$2"
}

of_a_card() {
	check "a card" card_insert typical
	host_connect
	check_is "yes native" "caps: it could, native is advised" \
		predicted nfp0
	says_why 'does not let a program see its device: apply needs --static' \
		"and says why, and what helps" nfp0
	check "it has hw, which may be checked for" \
		wirewall caps --check hw nfp0
	reaches hw "apply --static has it" nfp0
	ip link set nfp0 mtu 9000
	check_is "yes generic" "caps: not native with large frames" \
		predicted nfp0
	reaches hw "and apply has it" nfp0
	ip link set nfp0 mtu 1500
	check "while a program is on the card" apply
	local before
	before=$(programs)
	check_is "yes native" "caps says the same" predicted nfp0
	check_is "$before" "and has touched nothing" programs
	wirewall off >/dev/null
}

of_other_cards() {
	check "a card with other firmware" card_insert firmware=nic
	host_connect
	check_is "after-fix native" "caps: not without another one" \
		predicted nfp0
	says_why 'firmware-app is nic, needed: firmware-app is ebpf' \
		"which is named" nfp0
	check_exit 4 "and missed when checked for" \
		wirewall caps --check hw nfp0
	reaches native "apply has native" nfp0
}

# What only a program with rules meets: the trial has neither tables nor a place.
what_nobody_foresees() {
	local name
	check "a card" card_insert typical
	host_connect
	for name in fault_map_rc fault_load; do
		fault "$name" 5
		check_is "yes native" "caps cannot see $name" predicted nfp0
		reaches native "apply meets it, and has native" nfp0
		fault "$name" 0
	done
	load other nfp0 pass
	attach xdpoffload other nfp0
	says_why 'another XDP program is attached \[foreign-program\]' \
		"caps sees a program of others on the card" nfp0
	check_exit 3 "as apply does" apply
	reaches native "which has native beside it when asked for that" nfp0 \
		--max native
	detach xdpoffload nfp0
	unload other
	reaches hw "without it there is hw" nfp0
}

# checked EXIT OBJECT OURS DRIVER [OPTION...]
checked() {
	local status=$1 object=$2 ours=$3 driver=$4
	shift 4
	check_exit "$status" "check $object${*:+ $*}" \
		wirewall check "$objects/$object.bpf.o" --dev nfp0 "$@"
	check_says "^prog: nfp: $ours" "is $ours by our judge"
	check_says "driver of nfp0: $driver" "and by the driver: $driver"
}

checks_objects() {
	checked 0 ok_hash accepted accepted
	checked 4 no_value_store refused 'refused .*map writes not supported'
	checked 4 no_map_entries refused 'refused .*too many elements'
	check "a card without random numbers" card_insert c_random=0
	host_connect
	checked 4 no_firmware_random accepted \
		"refused .*FW doesn't support random number generation"
	checked 4 no_firmware_random refused 'refused .*random' \
		--card typical,c_random=0
	check_is "" "nothing is attached by it" modes
	check_is 0 "and nothing is left" \
		eval 'bpftool prog list | grep -c " xdp "'
}

of_netdevsim() {
	card_remove
	check "netdevsim" nsim_make
	ip addr add 192.0.2.1/24 dev nsim0
	check_is "yes native" "caps: it could" predicted nsim0
	reaches hw "apply --static has it" nsim0
	echo N >"$nsim_knobs/bpf_bind_accept"
	# It is the only one that tells of native, too.
	check_is "no generic" "caps: a trial that was refused is believed" \
		predicted nsim0
	reaches generic "and so apply has it" nsim0
	echo Y >"$nsim_knobs/bpf_bind_accept"
	echo N >"$nsim_knobs/ports/0/bpf_xdpoffload_accept"
	check_is "yes native" "caps cannot see what is refused at the end" \
		predicted nsim0
	reaches native "apply meets it, and has native" nsim0
	echo Y >"$nsim_knobs/ports/0/bpf_xdpoffload_accept"
	check "check asks its driver" wirewall check \
		"$objects/pass.bpf.o" --dev nsim0
	check_says 'driver of nsim0: accepted' "which takes the object"
	nsim_remove
}

# Of 640 packets one in 64 goes up, by chance.
samples_logs() {
	local sent=640 seen early card
	check "a card" card_insert typical
	host_connect
	rules_make '-p udp -m udp --dport 7 -j LOG' \
		'-p udp -m udp --dport 7 -j DROP' \
		'-p udp -m udp --dport 9 -j DROP'
	check "rules that log, and nothing given up" apply
	send_to 7 2
	check_is "2 2" "every packet is logged" eval "host_saw 7 | xargs"
	rules_make '-p udp -m udp --dport 7 -j LOG' \
		'-p udp -m udp --dport 7 -j DROP'
	check "--log-sample" apply --log-sample 10
	check_is "xdpdrv xdpoffload" "takes it to the card" modes
	in_ns peer bash -c 'for ((i = 0; i < $0; i++)); do
		echo packet >/dev/udp/192.0.2.1/7
	done' "$sent"
	seen=$(host_saw 7 | head -n 1)
	read -r early card <<<"$(dropped 7 | head -n 1)"
	note "of $sent packets $card died on the card, $early early, \
the host saw $seen"
	check "each died early or was logged" \
		test "$((seen + early))" -eq "$sent"
	check "some were logged" test "$seen" -gt 0
	check "most died on the card" test "$card" -gt "$((sent * 9 / 10))"
	check "off" wirewall off
	check "a card without random numbers" card_insert c_random=0
	host_connect
	check "--log-sample there" apply --log-sample 10
	check_is xdpdrv "leaves it to the driver" modes
	wirewall off >/dev/null
}

modprobe nf_conntrack
rules_make '-p udp -m udp --dport 7 -j DROP'
of_a_card
of_other_cards
what_nobody_foresees
checks_objects
of_netdevsim
samples_logs

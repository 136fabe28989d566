#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The program runs on this kernel, and all that the other cases stand on.

. "$(dirname "$0")/../lib.sh"

# check_modules SENTENCE MODULE...
check_modules() {
	local sentence=$1 module missing=
	shift
	for module; do
		modprobe "$module" 2>/dev/null || missing="$missing $module"
	done
	[ -z "$missing" ] && ok "$sentence" || not_ok "$sentence" "no$missing"
}

check "wirewall --version works" "$WIREWALL" --version
check_says '^wirewall [0-9]' "it says its version"

cat >"$scratch/rules" <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -s 198.51.100.0/24 -j DROP
-A PREROUTING -p udp -m multiport --dports 7,9 -j DROP
COMMIT
RULES
check_is "$(cat "$scratch/rules")" "wirewall fmt prints rules back" \
	"$WIREWALL" fmt "$scratch/rules"

check "the guest's kernel shows its types" test -r /sys/kernel/btf/vmlinux
check_modules "interfaces of every kind can be had" \
	bonding bridge 8021q vrf team ipvlan macvlan dummy tun vxlan ifb veth
check_modules "both iptables can be had" \
	iptable_raw iptable_filter iptable_nat ip6table_raw nf_tables \
	nft_compat xt_conntrack xt_multiport
check_modules "tc can be had" sch_ingress cls_flower cls_u32 act_mirred act_gact

for tables in iptables-legacy iptables-nft; do
	check "$tables takes the rules" \
		"$tables-restore" "$scratch/rules"
	check "$tables says them again" "$tables-save"
	check_says '^-A PREROUTING -s 198.51.100.0/24 -j DROP$' \
		"$tables has not changed them"
done

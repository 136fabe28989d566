#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How soon wrong drops stop under `wirewall watch` (soundness.md 2.3): each kind
# of change, made many times while packets flow, a thousand a second.
#
#	tests/bench/watch.sh TABLE   a file for the figures
#	ROUNDS=50                    of each kind
#	KINDS="rule-deleted ..."     these only
#
# Each kind has a world of its own: namespaces, rules, a watcher. In each round
# it waits until packets die early, makes the change at some moment between two
# looks of the watcher, and takes the time from before the command that makes it
# until the first packet was sent behind which none was lost any more, in
# tests/kernel/arrivals.py. The status tells whether all drops stopped within 10
# seconds; how soon is for the reader of docs/bench.md. Needs root.

export SANDBOX_REFUSED=1
. "$(dirname "$0")/../kernel/watch/lib.sh"

rounds=${ROUNDS:-50}
table=${1:?which file shall have the table?}

host() {
	ip netns exec host "$@"
}

drop_port_9() {
	nft_rule -A INPUT -p udp --dport 9 "$@" -j DROP
}

# Kinds of changes: KIND_begin makes the world that the packets die early in,
# KIND_ready is for each round, KIND_change is what is measured, KIND_undo takes it
# back, KIND_end is for what the world outlives. Where the packets
# come to then is $place in $ns, where they are sent to is $target.

rule_deleted_begin() { drop_port_9; }
rule_deleted_change() { nft_rule -D INPUT 1; }
rule_deleted_undo() { drop_port_9; }

rule_inserted_begin() { drop_port_9; }
rule_inserted_change() { nft_rule -I INPUT -s 192.0.2.2 -j ACCEPT; }
rule_inserted_undo() { nft_rule -D INPUT 1; }

# Of two thousand the first one goes.
rule_of_many_begin() {
	{
		printf '*filter\n:INPUT ACCEPT [0:0]\n'
		printf -- '-A INPUT -p udp --dport 9 -j DROP\n'
		for ((i = 0; i < 2000; i++)); do
			echo "-A INPUT -s 10.$((i / 250)).$((i % 250)).0/24" \
				"-p tcp --dport $((i + 100)) -j DROP"
		done
		echo COMMIT
	} | host iptables-nft-restore
}
rule_of_many_change() { nft_rule -D INPUT 1; }
rule_of_many_undo() { nft_rule -I INPUT -p udp --dport 9 -j DROP; }

# While a plan for another interface lasts.
while_planning_begin() {
	mtu=1300
	drop_port_9 && veth_make host eth1 other eth0 && saves_can_wait
}
while_planning_ready() {
	mtu=$((mtu + 1))
	wait_for 15 drops_now && hold_plans &&
		ip -n host link set eth1 mtu $mtu && wait_for 15 is_planning
}
while_planning_change() { nft_rule -D INPUT 1; }
while_planning_undo() {
	free_plans
	drop_port_9
}
while_planning_end() { umount /etc/alternatives; }

# A host whose iptables is the old one, as far as what runs here can see.
legacy_rule_begin() {
	saves_with "$(command -v iptables-legacy-save)" \
		"$(command -v ip6tables-legacy-save)" && legacy_rule_undo
}
legacy_rule_end() { umount /etc/alternatives; }
legacy_rule_change() { host iptables-legacy -D INPUT 1; }
legacy_rule_undo() {
	host iptables-legacy -A INPUT -p udp --dport 9 -j DROP
}

nat_redirect_begin() {
	drop_port_9
	place=10
}
nat_redirect_change() {
	nft_rule -t nat -A PREROUTING -p udp --dport 9 -j REDIRECT \
		--to-ports 10
}
nat_redirect_undo() { host nft delete table ip nat; }

foreign_table_begin() {
	drop_port_9
	place=11
}
foreign_table_change() {
	host nft 'table ip theirs {
		chain in {
			type filter hook prerouting priority -350
			udp dport 9 udp dport set 11
		}
	}'
}
foreign_table_undo() { host nft delete table ip theirs; }

ipset_entry_begin() {
	host ipset create bad hash:ip && host ipset add bad 192.0.2.2 &&
		drop_port_9 -m set --match-set bad src
}
ipset_entry_change() { host ipset del bad 192.0.2.2; }
ipset_entry_undo() { host ipset add bad 192.0.2.2; }

# 10.9.0.9 is behind the host, where it may not be reached, until it is the host.
address_added_begin() {
	router_make && nft_rule -A FORWARD -p udp --dport 9 -j DROP
	target=10.9.0.9
}
address_added_change() { addr host lan0 10.9.0.9/32; }
address_added_undo() { ip -n host addr del 10.9.0.9/32 dev lan0; }

# What goes elsewhere is INPUT's while the host forwards nothing.
forwarding_begin() {
	router_make && drop_port_9 && forwarding_undo
	target=10.9.0.2 ns=other
}
forwarding_change() { host sysctl -qw net.ipv4.ip_forward=1; }
forwarding_undo() { host sysctl -qw net.ipv4.ip_forward=0; }

# Rules of eth0 are none of the bridge's.
bridge_port_begin() {
	drop_port_9 -i eth0 && ip -n host link add br0 address \
		"$(host cat /sys/class/net/eth0/address)" type bridge &&
		ip -n host link set br0 up
}
bridge_port_change() { ip -n host link set eth0 master br0; }
bridge_port_undo() { ip -n host link set eth0 nomaster; }

# Whoever stands on the interface is to see what comes by it.
macvlan_begin() {
	drop_port_9
	place=eth0
}
macvlan_change() {
	ip -n host link add child0 link eth0 type macvlan mode bridge
}
macvlan_undo() { ip -n host link del child0; }

ingress_hook_begin() {
	drop_port_9
	place=12
}
ingress_hook_change() {
	host nft 'table netdev theirs {
		chain in {
			type filter hook ingress device eth0 priority 0
			udp dport 9 udp dport set 12
		}
	}'
}
ingress_hook_undo() { host nft delete table netdev theirs; }

other_namespace_begin() {
	drop_port_9
	ns=other
}
other_namespace_change() {
	ip -n host link set eth0 netns other &&
		ip -n other addr add 192.0.2.1/24 dev eth0 &&
		ip -n other link set eth0 up
}
other_namespace_undo() {
	ip -n other link set eth0 netns host && addr host eth0 192.0.2.1/24 &&
		ip -n host link set eth0 up
}

renamed_begin() { drop_port_9 -i eth0; }
rename_to() {
	ip -n host link set "$1" down && ip -n host link set "$1" name "$2" &&
		ip -n host link set "$2" up
}
renamed_change() { rename_to eth0 wan0; }
renamed_undo() { rename_to wan0 eth0; }

# With a helper in some rule any connection may be one that is expected.
helper_begin() {
	nft_rule -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	drop_port_9
	place=eth0
}
helper_change() {
	nft_rule -t raw -A OUTPUT -p tcp --dport 21 -j CT --helper ftp
}
helper_undo() { host nft delete table ip raw; }

# Which tells nobody, and gives the drop of invalid packets a line in the log.
log_invalid_begin() {
	drop_port_9
	place=eth0
}
log_invalid_change() {
	host sysctl -qw net.netfilter.nf_conntrack_log_invalid=255
}
log_invalid_undo() {
	host sysctl -qw net.netfilter.nf_conntrack_log_invalid=0
}

router_make() {
	veth_make host lan0 other eth0 && addr host lan0 10.9.0.1/24 &&
		addr other eth0 10.9.0.2/24 && addr peer eth0 10.8.0.1/24 &&
		ip -n other route add default via 10.9.0.1 &&
		ip -n peer route add 10.9.0.0/24 via 192.0.2.1 &&
		host sysctl -qw net.ipv4.ip_forward=1
}

kinds=${KINDS:-rule_deleted rule_inserted rule_of_many while_planning legacy_rule
	nat_redirect foreign_table ipset_entry address_added forwarding bridge_port macvlan
	ingress_hook other_namespace renamed helper log_invalid}

# round KIND: one change; a line for the table.
round() {
	if declare -F "$1_ready" >/dev/null && ! "$1_ready"; then
		why="the world was not ready"
		return 1
	fi
	feel "$ns" "$place" "$1_change" || return
	echo "$1 $took $making" >>"$table"
}

# rounds KIND: all of them; a packet that comes before the change, since the
# watcher was just planning anew, takes nothing away from it.
rounds() {
	local i before=0
	for ((i = 0; i < rounds; i++)); do
		until round "$1"; do
			"$1_undo"
			before=$((before + 1))
			[ "$why" = "a packet came before" ] &&
				[ "$before" -lt $((rounds + 5)) ] || return
		done
		"$1_undo" || return
	done
}

kind() {
	local ns=host place=9 target=192.0.2.1
	world_make || return
	"$1_begin" >"$scratch/begin" 2>&1 || {
		skip "$1" "$(tail -1 "$scratch/begin")"
		return 0
	}
	know_host
	watch
	flow 9 "$target"
	if rounds "$1"; then
		ok "wrong drops stop: $1"
	else
		not_ok "wrong drops stop: $1" "$why
$(said)"
	fi
	kill "$watcher" "$flowing"
	wait "$watcher" "$flowing" 2>/dev/null
	! declare -F "$1_end" >/dev/null || "$1_end"
}

world_end() {
	ip netns del host && ip netns del peer && ip netns del other
}

: >"$table"
for one in $kinds; do
	kind "$one"
	world_end
done
"$top/tests/bench/watch_table.py" "$table"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the host does beside its rules changes the plan: log lines by sysctl,
# other hooks, helpers. And apply says which of it nobody looks at again.

. "$(dirname "$0")/lib.sh"

cat >"$scratch/server.rules" <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -s 10.1.0.0/16 -j DROP
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
-A INPUT -s 10.2.0.0/16 -j DROP
-A FORWARD -s 10.2.0.0/16 -j DROP
COMMIT
RULES

# plan OPTION...: for eth0, in $output.
plan() {
	# shellcheck disable=SC2034 # for check_says
	output=$(in_ns host "$WIREWALL" plan --rules "$scratch/server.rules" \
		"$@" eth0 2>&1)
}

# set_sysctl NAME VALUE: in the host's namespace.
set_sysctl() {
	in_ns host sysctl -qw "$1=$2"
}

ns_make host peer || exit 1
veth_make host eth0 peer eth1 || exit 1

plan
check_says "^3 of 3 drop rules die early" "nothing of the host is in the way"
check_says "^log-invalid +asked per packet" "a plan names what it found"
check_says "^packet-readers +to know" "and what decides nothing"

log_invalid() {
	set_sysctl net.netfilter.nf_conntrack_log_invalid 255 || return
	plan
	check_says "^1 of 3 drop rules die early" \
		"only raw is before the log line of tracking"
	check_says "a sysctl of the host has these packets logged" \
		"the rule says why"
	plan --ignore-logs
	check_says "^3 of 3 drop rules die early" \
		"--ignore-logs gives log lines of tracking up"
	check_says "^log-invalid +pinned" "and the plan says who vouches for it"
	set_sysctl net.netfilter.nf_conntrack_log_invalid 0
}

log_martians() {
	set_sysctl net.ipv4.conf.eth0.log_martians 1 || return
	plan
	check_says "^1 of 3 drop rules die early" \
		"only raw is before the log line of routing"
	plan --ignore-logs
	check_says "^3 of 3 drop rules die early" \
		"--ignore-logs gives log lines of routing up"
	set_sysctl net.ipv4.conf.eth0.log_martians 0
}

other_hooks() {
	if ! in_ns host nft add table inet other 2>/dev/null; then
		skip "a table of another program" "no nft"
		return
	fi
	plan
	check_says "foreign-hooks|of others may act before" \
		"another program's table stops every tier"
	check_says "nftables has the table inet other" "and is named"
	in_ns host nft delete table inet other
}

applied() {
	check "it is applied" in_ns host "$WIREWALL" apply \
		--rules "$scratch/server.rules" eth0
	check_says "^eth0: 3 of 3" "with nothing to be vouched for"
	check "it is applied with facts vouched for" in_ns host "$WIREWALL" \
		apply --static=log-martians,other-hooks \
		--rules "$scratch/server.rules" eth0
	check_says "^  vouched for, .*: other-hooks, log-martians$" \
		"apply names what nobody looks at again"
	check "it is applied again" in_ns host "$WIREWALL" apply --json \
		--static=log-martians --rules "$scratch/server.rules" eth0
	check_says '"assumed"' "and says so in JSON"
	check_says '"log-martians"' "by name"
	check_says '"warning": *"vouched for' "and as a sentence"
	check "status is asked" in_ns host "$WIREWALL" status
	check_says "^  asked +--static=log-martians$" "status names it, too"
	in_ns host "$WIREWALL" off >/dev/null
}

# What changes behind the program stops its drops, and status says so.
changed() {
	check "it is applied to a settled host" in_ns host "$WIREWALL" apply \
		--rules "$scratch/server.rules" eth0
	in_ns host "$WIREWALL" status >"$scratch/status"
	check_fails "status has nothing to say of changes" \
		grep -q "pass since" "$scratch/status"
	in_ns host iptables-legacy -t nat -L >/dev/null || return
	check "status works after a nat table has come" \
		in_ns host "$WIREWALL" status
	check_says "pass since netfilter's hooks of IPv4 are others" \
		"status says that hooks have changed"
	check "and in JSON" in_ns host "$WIREWALL" status --json
	check_says '"hooks-ipv4"' "by name"
	ip -n host link set eth0 down
	ip -n host link set eth0 name eth7
	check "status finds it under its new name" in_ns host "$WIREWALL" \
		status eth7
	check_says "pass since its name" "and says that it changed"
	ip -n host link set eth7 name eth0
	ip -n host link set eth0 up
	check "it is applied again" in_ns host "$WIREWALL" apply \
		--rules "$scratch/server.rules" eth0
	check "status works" in_ns host "$WIREWALL" status
	check_fails "and has nothing to say any more" \
		grep -q "pass since" <<<"$output"
	in_ns host "$WIREWALL" off >/dev/null
}

log_invalid
log_martians
other_hooks
applied
changed

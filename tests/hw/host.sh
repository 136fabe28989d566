# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced by cases that run wirewall on a simulated card, after lib.sh: a host
# behind nfp0 (192.0.2.1) and a peer behind wire0 (192.0.2.2). guest-files: of
# such a case name this file, too.

host_connect() {
	[ -e /run/netns/peer ] || ns_make peer
	ip link set wire0 netns peer
	ip -n peer link set wire0 up
	addr peer wire0 192.0.2.2/24
	ip addr add 192.0.2.1/24 dev nfp0
	# Packets that do not wait for an address are counted exactly.
	ip neigh replace 192.0.2.2 dev nfp0 lladdr "$(mac_of -n peer wire0)"
	ip -n peer neigh replace 192.0.2.1 dev wire0 lladdr "$(mac_of nfp0)"
}

# mac_of [-n NS] IF
mac_of() {
	ip -br link show dev "${!#}" 2>/dev/null |
		awk '{ print $3; found = 1 } END { exit !found }' ||
		ip "${@:1:2}" -br link show dev "${!#}" | awk '{ print $3 }'
}

wirewall() {
	"$WIREWALL" "$@"
}

# rules_make [RULE...]: a ruleset of these filter rules, in $rules and the host.
rules=$scratch/rules
rules_make() {
	{
		printf '%s\n' '*filter' ':INPUT ACCEPT [0:0]' \
			':FORWARD ACCEPT [0:0]' ':OUTPUT ACCEPT [0:0]' \
			"${@/#/-A INPUT }" COMMIT
	} >"$rules"
	iptables-legacy-restore <"$rules"
}

# apply [OPTION...]: the ruleset, onto nfp0.
apply() {
	wirewall apply --rules "$rules" --static "$@" nfp0
}

# programs [IF]: who runs there, as "xdpdrv 12 xdpoffload 13". Of a single program
# ip tells the mode in the first line only.
programs() {
	ip -d link show dev "${1:-nfp0}" | awk '
		NR == 1 && match($0, /xdp[a-z]*/) {
			mode = substr($0, RSTART, RLENGTH)
			if (mode == "xdp") mode = "xdpdrv"
		}
		$1 ~ /^prog\/xdp/ {
			name = substr($1, 6)
			out = out (out ? " " : "") \
				(name == "xdp" ? mode : name) " " $3
		}
		END { print out }'
}

# modes [IF]: "xdpdrv xdpoffload"
modes() {
	programs "${1:-nfp0}" | sed 's/ [0-9]\+//g'
}

# send_to PORT [COUNT]: UDP from the peer; what arrives does so before this ends.
send_to() {
	local i
	for ((i = 0; i < ${2:-1}; i++)); do
		in_ns peer bash -c 'echo packet >"/dev/udp/192.0.2.1/$0"' "$1"
	done
}

# host_saw PORT: packets that the host's own rule for this port matched.
host_saw() {
	iptables-legacy-save -c -t filter |
		sed -n "s/^\[\([0-9]*\):.*--dport $1 .*/\1/p"
}

# dropped PORT: "DROPS CARD" of the rule for this port.
dropped() {
	wirewall stats nfp0 | awk -v port="$1" '
		/^DROPS/ { has_card = $2 == "CARD" }
		$0 ~ "--dport " port " " { print $1, has_card ? $2 : "-" }'
}

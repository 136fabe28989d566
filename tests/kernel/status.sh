#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# status says since when something is attached, what it rests on, and whether
# the host still has the rules that it was made of.

. "$(dirname "$0")/lib.sh"

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

# json EXPRESSION: of the first interface's status, in Python.
json() {
	wirewall status --json | /usr/bin/python3 -c '
import json, sys
status = json.load(sys.stdin)["interfaces"][0]
print(eval(sys.argv[1]))' "$1"
}

ns_make host peer && veth_make host eth0 peer eth0 || exit 1
cat >"$scratch/rules" <<'RULES'
*filter
:INPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 9 -j DROP
-A INPUT -p udp -m udp --dport 10 -j DROP
COMMIT
RULES
in_ns host iptables-restore "$scratch/rules" || exit 1

check "loaded rules are applied" wirewall apply --from-kernel eth0
check "status is asked" wirewall status
check_says '^  since +20[0-9-]+T[0-9:]+Z$' "it says since when"
check_says 'digest [0-9a-f]{12}, the host.s rules are the same' \
	"the host has these rules"
output=$(json 'status["rules_digest"]["host"]')
check_says '^same$' "also in JSON"

in_ns host iptables -t mangle -A PREROUTING -p udp --dport 11 -j DROP
check "a rule is added to another table" wirewall status
check_says "the host's rules have changed since: [0-9a-f]{12}; apply again" \
	"which is seen"
in_ns host iptables -t mangle -F PREROUTING
in_ns host iptables -R INPUT 2 -p udp --dport 10 -j ACCEPT
check "a rule is changed" wirewall status
check_says "the host's rules have changed since: [0-9a-f]{12}; apply again" \
	"which is seen, too"
output=$(json '"%s %s" % (status["rules_digest"]["host"],
	status["rules_digest"]["host_digest"] !=
	status["rules_digest"]["applied"])')
check_says '^other True$' "also in JSON"
in_ns host iptables -R INPUT 2 -p udp --dport 10 -j DROP
check "it is changed back" wirewall status
check_says "the host's rules are the same" "which is seen as well"


check "it is planned for the table that came" wirewall apply --from-kernel eth0
program=$(json 'status["program"]')
sleep 1.1
check "the same is applied again" wirewall apply --from-kernel eth0
[ "$(json 'status["program"]')" = "$program" ] &&
	ok "the program stays" || not_ok "the program stays"
output=$(json 'status["applied"] > status["since"]')
check_says '^True$' "since when is not when it was applied last"

# What a file has is compared with its own tables only.
in_ns host nft delete table ip mangle
check "rules of a file are applied, with facts vouched for" \
	wirewall apply --rules "$scratch/rules" --static eth0
check "status is asked" wirewall status
check_says "digest .*the host's rules are the same" "the host has them, too"
# shellcheck disable=SC2034
output=$(json 'status["assumed"]')
check_says "^\['routing'" "what is vouched for is told"
in_ns host iptables -t mangle -A PREROUTING -p udp --dport 11 -j DROP
check "the host has rules in another table" wirewall status
check_says "the host's rules are the same" "which is another matter"
in_ns host iptables -F INPUT
check "the host loses the rules" wirewall status
check_says "the host's rules are others: [0-9a-f]{12}" "which is told"

# iptables-save that fails.
without_save() {
	ip netns exec host unshare --mount bash -c '
		printf "#!/bin/sh\necho broken >&2\nexit 1\n" >/run/save
		chmod 755 /run/save
		for at in {/usr,}/sbin/ip{,6}tables{,-legacy,-nft}-save; do
			[ ! -e "$at" ] || mount -o bind /run/save "$(realpath "$at")"
		done
		"$1" status' - "$WIREWALL"
}
check "status does without the host's rules" without_save
check_says "is not known: .*broken" "and tells why it cannot compare them"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is wrong from outside: a sentence that says what was seen and what to do,
# the right exit code (1 usage, 2 bad input, 3 the system refused, 4 less than
# asked), and what was attached stays attached.

. "$(dirname "$0")/lib.sh"

good=$scratch/good.rules
cat >"$good" <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -s 10.0.0.0/8 -j DROP
COMMIT
RULES

# with_rules TEXT: what it prints with printf is a rules file.
with_rules() {
	# shellcheck disable=SC2059
	printf "$1" >"$scratch/bad.rules"
	rules=$scratch/bad.rules
}

# refused STATUS PATTERN SENTENCE COMMAND...: ends with STATUS, says PATTERN on
# stderr only, and leaves the program on eth0 alone.
refused() {
	local expected=$1 pattern=$2 sentence=$3 status before after
	shift 3
	before=$(xdp_id host eth0)
	"$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
	status=$?
	after=$(xdp_id host eth0)
	output=$(cat "$scratch/stderr")
	if [ "$status" -ne "$expected" ]; then
		not_ok "$sentence" "exit status $status, expected $expected: $output"
	elif ! grep -Eq -- "$pattern" "$scratch/stderr"; then
		not_ok "$sentence" "expected $pattern on stderr: $output"
	elif [ -s "$scratch/stdout" ]; then
		not_ok "$sentence" "on stdout: $(head -c 500 "$scratch/stdout")"
	elif [ "$before" != "$after" ]; then
		not_ok "$sentence" "program $before became ${after:-none}"
	else
		ok "$sentence"
	fi
}

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

# without CAPABILITIES COMMAND...: such as -bpf,-sys_admin. Not even root gets
# back what is not in the bounding set.
without() {
	local capabilities=$1
	shift
	in_ns host setpriv --bounding-set="$capabilities" \
		--inh-caps="$capabilities" "$@"
}

usage_errors() {
	refused 1 "usage|help" "no word at all is a usage error" wirewall
	refused 1 "aply.*apply|apply.*aply" \
		"an unknown word is answered with the nearest one" wirewall aply
	refused 1 "interface|IF" "apply without an interface is a usage error" \
		wirewall apply --rules "$good"
	refused 1 "rules" "apply without rules is a usage error" \
		wirewall apply eth0
	refused 1 "sideways" "an unknown option is named" \
		wirewall apply --sideways --rules "$good" eth0
	refused 1 "turbo" "an unknown tier is named" \
		wirewall apply --require turbo --rules "$good" eth0
}

unreadable_rules() {
	refused 2 "is a directory" "a directory is no rules file" \
		wirewall apply --rules "$scratch" eth0
	refused 2 "nowhere" "a missing rules file is named" \
		wirewall apply --rules "$scratch/nowhere" eth0
	with_rules '*filter\n-A INPUT -s 10.0.0.0\0/8 -j DROP\nCOMMIT\n'
	refused 2 "line 2, column 21: .*NUL" "a NUL byte has its line" \
		wirewall apply --rules "$rules" eth0
	with_rules '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 99999 -j DROP\nCOMMIT\n'
	refused 2 "99999" "a bad port is quoted" \
		wirewall apply --rules "$rules" eth0
	check_says "bad.rules: ?(line )?3" "and its file and line are named"
	with_rules '*filter\n-A INPUT -s 1.2.3.4.5 -j DROP\n-A INPUT -d 300.0.0.1 -j DROP\nCOMMIT\n'
	refused 2 "1\.2\.3\.4\.5" "the first of two errors is reported" \
		wirewall apply --rules "$rules" eth0
	check_says "300\.0\.0\.1" "and the second one too"
	with_rules 'this is no firewall\n'
	refused 2 "bad.rules" "prose is no ruleset" \
		wirewall apply --rules "$rules" eth0
	huge_line
}

# 1 GB on one line, in little memory and time: wirewall must stop reading.
huge_line() {
	local status
	{
		printf '*filter\n-A INPUT -m comment --comment '
		head -c 1G /dev/zero | tr '\0' a
	} 2>/dev/null | (
		ulimit -v 1000000
		timeout 20 ip netns exec host "$WIREWALL" \
			apply --rules - eth0
	) >"$scratch/stdout" 2>"$scratch/stderr"
	status=$?
	output=$(cut -c 1-500 "$scratch/stderr")
	if [ "$status" -eq 2 ] && [ "$(wc -c <"$scratch/stderr")" -lt 2000 ]
	then
		ok "a line of 1 GB is refused in a short sentence"
	else
		not_ok "a line of 1 GB is refused in a short sentence" \
			"exit status $status: $output"
	fi
	check_says "<stdin>.*iptables-save" "and where it was is named"
}

missing_interface() {
	refused 3 "nosuch0" "an interface that is not there is named" \
		wirewall apply --rules "$good" nosuch0
	refused 3 "nosuch0" "of two interfaces, both or none" \
		wirewall apply --rules "$good" eth1 nosuch0
	check "and the one that is there got nothing" \
		test -z "$(xdp_id host eth1)"
	check "plan does not need the interface" \
		wirewall plan --rules "$good" nosuch0
	refused 3 "nosuch0" "removing from a missing interface names it" \
		wirewall remove nosuch0
	refused 3 "eth1" "removing what is not attached says so" \
		wirewall remove eth1
}

missing_privilege() {
	refused 3 "CAP_NET_ADMIN" "apply without CAP_NET_ADMIN names it" \
		without -net_admin "$WIREWALL" apply --rules "$good" eth0
	refused 3 "CAP_BPF" "apply without CAP_BPF names it" \
		without -bpf,-sys_admin "$WIREWALL" apply --rules "$good" eth0
	refused 3 "CAP_" "apply without any capability names one" \
		without -all "$WIREWALL" apply --rules "$good" eth0
	refused 3 "CAP_" "remove without any capability names one" \
		without -all "$WIREWALL" remove eth0
	refused 3 "CAP_" "off without any capability names one" \
		without -all "$WIREWALL" off
	check "plan needs no capability" \
		without -all "$WIREWALL" plan --rules "$good" eth0
}

less_than_asked() {
	with_rules '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m string --string x --algo bm -j DROP\nCOMMIT\n'
	refused 4 "hw" "a tier that is required and not had is status 4" \
		wirewall apply --require hw --rules "$good" eth0
	refused 4 "coverage" "so is coverage" \
		wirewall apply --require-coverage full --rules "$rules" eth0
}

foreign_program() {
	local before
	echo '__attribute__((section("xdp"), used)) int theirs(void *ctx)
	{ (void)ctx; return 2; }
	char _license[] __attribute__((section("license"), used)) = "GPL";' |
		clang -O2 -target bpf -x c -c -o "$scratch/theirs.o" - &&
		mount -t bpf bpf /sys/fs/bpf &&
		nsenter --net=/run/netns/host ip link set dev eth2 xdp \
			obj "$scratch/theirs.o" sec xdp || return
	before=$(xdp_id host eth2)
	refused 3 "program.*$before" "a foreign program is named by its id" \
		wirewall apply --rules "$good" eth2
	refused 3 "theirs" "remove leaves it alone and names it" \
		wirewall remove eth2
	wirewall off >/dev/null
	check "so does off" test "$before" = "$(xdp_id host eth2)"
	check "off took away what is ours" test -z "$(xdp_id host eth0)"
}

# The kernel's type information, hidden: programs cannot be made safe then.
no_btf() {
	refused 3 "BTF" "a kernel without BTF is told to have none" \
		in_ns host sh -c "mount -t tmpfs none /sys/kernel/btf &&
			exec '$WIREWALL' apply --rules '$good' eth0"
}

ns_make host peer || exit 1
for i in 0 1 2; do
	veth_make host eth$i peer eth$i || exit 1
done
check "good rules are applied" wirewall apply --rules "$good" eth0
check "and there is a program now" test -n "$(xdp_id host eth0)"

usage_errors
unreadable_rules
missing_interface
missing_privilege
less_than_asked
no_btf
foreign_program

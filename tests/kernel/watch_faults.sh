#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The watcher while the kernel refuses one system call after the other, and
# while it is killed at each of them: the interface is never without the old or
# the new program, a watcher that lives goes on, and apply heals what is left.

. "$(dirname "$0")/lib.sh"

conf=$scratch/conf

# new_rules NUMBER: other ones than before, so that there is something to do.
new_rules() {
	printf '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 10.%d.0.0/16 -j DROP\nCOMMIT\n' \
		"$1" >"$scratch/rules"
}

alive() {
	[ -n "$(pgrep -f 'watch --config')" ]
}

# It has done what it wanted to, or has met its fault.
is_over() {
	grep -Eq '\[(applied|failed|resumed)\]|^wirewall: [^[]' "$scratch/log" ||
		grep -q 'killed by' "$scratch/trace" || ! alive
}

# watch_injected CALL WHAT COUNT: fails when there were not that many.
watch_injected() {
	local pid
	: >"$scratch/log"
	: >"$scratch/trace"
	# The shell in between tells nobody that it was killed.
	(
		ip netns exec host strace -qq -o "$scratch/trace" \
			-e trace="$1,openat" -e inject="$1:$2:when=$3" \
			"$WIREWALL" watch --config "$conf" 2>"$scratch/log"
		exit $?
	) 2>/dev/null &
	pid=$!
	wait_for 5 alive
	wait_for 5 is_over
	pkill -TERM -f -x "$WIREWALL watch --config $conf"
	wait "$pid"
	status=$?
	grep -Eq 'INJECTED|killed by SIGKILL' "$scratch/trace"
}

# judge BEFORE: what is wrong after the run, or nothing.
judge() {
	local after
	after=$(xdp_id host eth0)
	# What the dynamic loader does without is not ours to judge.
	grep -q "$conf" "$scratch/trace" || return
	if [ -z "$after" ]; then
		echo "nothing is attached"
	elif ! in_ns host "$WIREWALL" status eth0 | grep -q "program $after"
	then
		echo "program $after is not known as ours"
	elif [ "$status" -ne 0 ] && [ "$status" -ne 137 ] &&
		[ ! -s "$scratch/log" ]; then
		echo "exit status $status without a word"
	elif grep -q '\[applied\]' "$scratch/log" && [ "$after" = "$1" ]; then
		echo "it says that it applied, and did not"
	fi
}

# survives CALL WHAT LEAST SENTENCE: at LEAST so many calls, each as the one.
survives() {
	local call=$1 what=$2 least=$3 sentence=$4 n fault before faults=0
	for ((n = 1; n <= 400; n += step)); do
		before=$(xdp_id host eth0)
		new_rules $((n % 250))
		watch_injected "$call" "$what" "$n" || break
		fault=$(judge "$before")
		[ -n "$fault" ] || continue
		faults=$((faults + 1))
		note "call $n: $fault
$(cat "$scratch/log")
$(tail -3 "$scratch/trace")"
		in_ns host "$WIREWALL" apply --config "$conf" >/dev/null 2>&1
	done
	if [ "$n" -lt "$least" ]; then
		not_ok "$sentence" "there were only $((n - 1)) such calls"
	elif [ "$faults" -gt 0 ]; then
		not_ok "$sentence" "$faults faults at $((n - 1)) calls"
	else
		ok "$sentence, up to the ${n}th"
	fi
}

command -v strace >/dev/null ||
	skip_all "the watcher survives failing system calls" "no strace"
ns_make host peer && veth_make host eth0 peer eth0 || exit 1
mkdir "$conf"
printf '[interface eth0]\nrules = %s\n' "$scratch/rules" >"$conf/a.conf"
new_rules 251
check "a policy is applied" in_ns host "$WIREWALL" apply --config "$conf"

# STEP=1 tries every call; CI takes every eleventh.
step=${STEP:-11}
survives bpf signal=KILL 20 "the watcher may die at each bpf()"
survives sendto signal=KILL 8 "the watcher may die at each request"
survives openat signal=KILL 8 "the watcher may die at each file"
survives bpf error=EPERM 20 "the watcher survives each bpf() that is not permitted"
survives bpf error=ENOMEM 20 "the watcher survives each bpf() without memory"
survives recvfrom error=ENOBUFS 8 "the watcher survives each lost answer"
survives socket error=EMFILE 8 "the watcher survives each socket refused"
check "apply heals what was left" in_ns host "$WIREWALL" apply --config "$conf"
check_says '^eth0: 1 of 1 drop rules die early' "and all is as it should be"

# Nowhere to keep names: filters all the same.
ro() {
	ip netns exec host unshare --mount bash -c '
		mount -o bind,ro /run/wirewall /run/wirewall || exit
		timeout 2 "$1" watch --config "$2"' - "$WIREWALL" "$conf" 2>&1
}
new_rules 252
before=$(xdp_id host eth0)
mkdir -p /run/wirewall
# shellcheck disable=SC2034
output=$(ro)
check_says '\[applied\] eth0' "a /run that is read-only keeps nobody from watching"
[ "$(xdp_id host eth0)" != "$before" ] && ok "the new policy is attached" ||
	not_ok "the new policy is attached"
new_rules 253
mount -t tmpfs -o size=4k tmpfs /run/wirewall
head -c 4096 /dev/zero >/run/wirewall/filler
# shellcheck disable=SC2034
output=$(ip netns exec host timeout 2 "$WIREWALL" watch --config "$conf" 2>&1)
check_says '\[applied\] eth0' "nor a disk that is full"
check_says 'names of rules will be missing' "what that means is told"

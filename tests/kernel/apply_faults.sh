#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# apply while the kernel refuses one system call after the other, and while it
# is killed at each of them: the interface never is without the old or the new
# program, and what apply says agrees with what it did.

. "$(dirname "$0")/lib.sh"

rules_for() {
	printf '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s %s -j DROP\nCOMMIT\n' \
		"$1" >"$2"
}

# apply_injected CALL WHAT COUNT RULES: WHAT as in strace's inject=, at the
# COUNTth CALL of that process. Fails when there were not that many.
apply_injected() {
	in_ns host strace -qq -o "$scratch/trace" -e trace="$1,openat" \
		-e inject="$1:$2:when=$3" \
		"$WIREWALL" apply --rules "$4" eth0 >"$scratch/out" 2>&1
	status=$?
	grep -Eq 'INJECTED|killed by SIGKILL' "$scratch/trace"
}

# judge BEFORE: what is wrong after the run, or nothing.
judge() {
	local after
	after=$(xdp_id host eth0)
	# What the dynamic loader does without is not ours to judge: wirewall
	# did not begin before it opened its rules.
	grep -q '[01]\.rules' "$scratch/trace" || return
	if [ -z "$after" ]; then
		echo "nothing is attached"
	elif ! in_ns host "$WIREWALL" status eth0 | grep -q "program $after"
	then
		echo "program $after is not known as ours"
	elif [ "$status" -ge 2 ] && [ "$status" -le 4 ]; then
		[ "$after" = "$1" ] ||
			grep -q 'applied, but not told' "$scratch/out" ||
			echo "exit status $status, but the program was replaced"
		[ -s "$scratch/out" ] ||
			echo "exit status $status without a word"
	elif [ "$status" -ne 0 ] && [ "$status" -ne 137 ]; then
		echo "exit status $status"
	fi
}

# survives CALL WHAT SENTENCE: at every call of that kind, or every STEPth.
survives() {
	local call=$1 what=$2 sentence=$3 n fault before faults=0 tries=0
	for ((n = 1; n <= 400; n += step)); do
		before=$(xdp_id host eth0)
		apply_injected "$call" "$what" "$n" "$scratch/$((n % 2)).rules" ||
			break
		tries=$((tries + 1))
		fault=$(judge "$before")
		[ -n "$fault" ] || continue
		faults=$((faults + 1))
		note "call $n: $fault
$(cat "$scratch/out")
$(tail -3 "$scratch/trace")"
		start_again
	done
	if [ "$tries" -eq 0 ]; then
		not_ok "$sentence" "there was no such call"
	elif [ "$faults" -gt 0 ]; then
		not_ok "$sentence" "$faults faults at $tries calls"
	else
		ok "$sentence, tried at $tries"
	fi
}

start_again() {
	ip -n host link set dev eth0 xdp off
	in_ns host "$WIREWALL" apply --rules "$scratch/0.rules" eth0 \
		>/dev/null 2>&1
}

command -v strace >/dev/null ||
	skip_all "apply survives failing system calls" "no strace"
ns_make host peer && veth_make host eth0 peer eth0 || exit 1
rules_for 10.0.0.0/8 "$scratch/0.rules"
rules_for 192.168.0.0/16 "$scratch/1.rules"
check "a policy is applied" \
	in_ns host "$WIREWALL" apply --rules "$scratch/0.rules" eth0

# STEP=1 tries every call, and takes ten minutes.
step=${STEP:-17}
# What their manual pages say that calls may fail with.
while read -r call errors; do
	for error in $errors; do
		survives "$call" "error=$error" \
			"apply survives $error of $call()"
	done
done <<'END'
bpf ENOMEM EPERM EBUSY EAGAIN E2BIG EINTR
sendto ENOBUFS ENOMEM EINTR
recvfrom ENOBUFS ENOMEM EINTR EAGAIN
socket EMFILE ENFILE EACCES EAFNOSUPPORT ENOBUFS
openat EMFILE ENFILE EACCES ENOENT EIO ENOMEM EROFS ENOSPC
mkdir EACCES EROFS ENOSPC ENOENT
fchmod EROFS EIO
unlinkat EROFS EACCES EIO
getdents64 EIO ENOENT
mmap ENOMEM EAGAIN
read EIO EINTR
write ENOSPC EIO EINTR
renameat ENOSPC EROFS EACCES EIO
END
survives bpf signal=KILL "apply may die at each bpf()"
survives sendto signal=KILL "apply may die at each request"
survives openat signal=KILL "apply may die at each file"
step=1
survives renameat signal=KILL "apply may die while it keeps its record"

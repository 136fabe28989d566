#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# apply --confirm, the process that waits for a confirmation (the keeper), and
# confirm, while the kernel refuses one system call after the other, and while
# they are killed at each of them: the old program is back, or the new one was
# confirmed, or it passes everything in a moment and status says so. What was
# said agrees with what is, and a new apply heals.

. "$(dirname "$0")/lib.sh"

rules_for() {
	printf '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s %s -j DROP\nCOMMIT\n' \
		"$1" >"$2"
}

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

# Who holds the turn keeps a keeper from attaching until it is traced.
hold_turns() {
	ip netns exec host /usr/bin/python3 -uc '
import socket, sys
for word in iter(sys.stdin.readline, ""):
    if word == "take\n":
        s = socket.socket(socket.AF_UNIX)
        s.bind("\0wirewall/apply")
        s.listen()
    else:
        s.close()
    print(word, end="")'
}

turn() {
	echo "$1" >&"${HOLDER[1]}"
	read -r <&"${HOLDER[0]}"
}

# Processes of wirewall in the namespace: the keeper, once its command is over.
keepers() {
	local pid name
	for pid in $(ip netns pids host); do
		read -r name 2>/dev/null <"/proc/$pid/comm" || continue
		[ "$name" != "${WIREWALL##*/}" ] || echo "$pid"
	done
}

no_keeper() {
	[ -z "$(keepers)" ]
}

has_claim() {
	grep -q '@wirewall/confirm' "/proc/$command/net/unix"
}

is_traced() {
	! grep -q '^TracerPid:[[:space:]]*0$' "/proc/$keeper/status"
}

begin_command() {
	ip netns exec host "$WIREWALL" apply --rules "$new_rules" \
		--confirm 60 eth0 >"$scratch/out" 2>&1 &
	command=$!
}

end_command() {
	wait "$command"
	status=$?
}

# trace_keeper CALL [FAULT]: FAULT as strace's inject=; none: only look.
trace_keeper() {
	: >"$scratch/trace"
	strace -qq -o "$scratch/trace" -e trace="$1" ${2:+-e inject="$1:$2"} \
		-p "$keeper" 2>/dev/null &
	tracer=$!
	wait_for 30 is_traced
}

# run_keeper STAGE END CALL [FAULT]: traced while it attaches, or only while it
# waits, until it is told to END (term: as by systemd; confirm).
run_keeper() {
	local stage=$1 end=$2
	shift 2
	[ "$stage" = wait ] || turn take
	begin_command
	if [ "$stage" = attach ]; then
		wait_for 30 has_claim
		keeper=$(pgrep -P "$command")
		trace_keeper "$@"
		turn give
		end_command
	else
		end_command
		keeper=$(keepers)
		trace_keeper "$@"
	fi
	said=
	[ "$end" != confirm ] || say_confirm
	end_keeper
	wait "$tracer"
}

say_confirm() {
	wirewall confirm >"$scratch/said" 2>&1
	said=$?
}

# It has done what it does at its end, or is told to.
end_keeper() {
	local pid
	[ "$said" = 0 ] || for pid in $(keepers); do
		kill -TERM "$pid" 2>/dev/null
	done
	wait_for 30 no_keeper || note "a keeper does not end"
}

# run_command CALL [FAULT]: apply and its keeper, both from their beginning.
run_command() {
	local pid
	: >"$scratch/trace"
	# The shell in between tells nobody that it was killed.
	(
		ip netns exec host strace -f -qq -o "$scratch/trace" \
			-e trace="$1,execve" ${2:+-e inject="$1:$2"} \
			"$WIREWALL" apply --rules "$new_rules" --confirm 60 \
			eth0 >"$scratch/out" 2>&1
		exit $?
	) 2>/dev/null &
	tracer=$!
	wait_for 30 command_is_over
	said=
	end_keeper
	wait "$tracer"
	status=$?
}

# The first line is the command's.
command_is_over() {
	local pid
	read -r pid _ <"$scratch/trace" || return
	! [ -e "/proc/$pid" ] || grep -q '^State:.Z' "/proc/$pid/status"
}

# run_confirm CALL [FAULT]: confirm alone.
run_confirm() {
	: >"$scratch/trace"
	begin_command
	end_command
	in_ns host strace -qq -o "$scratch/trace" -e trace="$1" \
		${2:+-e inject="$1:$2"} "$WIREWALL" confirm \
		>"$scratch/said" 2>&1
	said=$?
	end_keeper
}

was_hit() {
	grep -Eq 'INJECTED|killed by SIGKILL' "$scratch/trace"
}

was_killed() {
	grep -q 'killed by SIGKILL' "$scratch/trace"
}

says() {
	grep -q "$1" "$scratch/said"
}

# What confirm said, beside what came of it: is the new program there for good?
judge_words() {
	case $said in
	0) $is_kept || echo "confirm says that it did, and did not" ;;
	3)
		if ! [ -s "$scratch/said" ]; then
			echo "confirm failed without a word"
		elif says 'confirmed, but'; then
			$is_kept || echo "confirm says that it did, and did not"
		elif says 'not confirmed' || says 'nothing waits'; then
			! $is_kept || echo "confirm says that it did not, and did"
		elif ! says 'confirmed or not'; then
			echo "confirm does not say which"
		fi
		;;
	'' | 127 | 137) ;; # 127: the dynamic loader
	*) echo "exit status $said of confirm" ;;
	esac
}

# What apply said, before anybody confirmed anything.
judge_command() {
	case $status in
	0) grep -q 'comes back in' "$scratch/out" ||
		echo "apply did not tell what happens" ;;
	2 | 3 | 4) [ -s "$scratch/out" ] || echo "apply failed without a word" ;;
	127 | 137) ;;
	*) echo "exit status $status of apply" ;;
	esac
}

# The new program is there, and no keeper any more.
judge_new() {
	output=$(wirewall status eth0)
	if ! grep -q "program $1" <<<"$output"; then
		echo "program $1 is not known as ours"
	elif ! grep -q 'is gone: passes everything' <<<"$output"; then
		is_kept=true
		[ -n "$said" ] ||
			echo "the new program stays, and nobody confirmed it"
	elif ! was_killed; then
		echo "it is not rolled back"
	fi
}

# judge: what is wrong after the run, or nothing.
judge() {
	local after is_kept=false
	after=$(xdp_id host eth0)
	judge_command
	if [ -z "$after" ]; then
		echo "nothing is attached"
		return
	fi
	[ "$after" = "$old" ] || judge_new "$after"
	judge_words
}

# What was confirmed is the old one from now on. What nobody confirmed, and
# nobody rolls back, is replaced, or goes on, for good.
heal() {
	local after spare
	after=$(xdp_id host eth0)
	[ "$after" != "$old" ] || return 0
	if [ -n "$after" ] && ! was_killed; then
		old=$after spare=$new_rules new_rules=$old_rules old_rules=$spare
		return
	fi
	wirewall apply --rules "$old_rules" eth0 >"$scratch/out" 2>&1 || return
	old=$(xdp_id host eth0)
	! wirewall status eth0 | grep -q 'is gone'
}

# count_calls CALL: of one process at most, in the run without faults.
count_calls() {
	calls=$(grep -oE "^([0-9]+ +)?$1\(" "$scratch/calls" | sort |
		uniq -c | sort -rn | awk 'NR == 1 { print $1 }')
	calls=${calls:-0}
}

# find_stride FAULT: of $calls, every STEPth, but no more than MOST; without STEP
# two for a death and one for an error.
find_stride() {
	stride=${STEP:-$calls}
	[ -n "${STEP:-}" ] || [ "$1" != signal=KILL ] ||
		stride=$(((calls + 1) / 2))
	[ $((calls / stride)) -le $MOST ] || stride=$((calls / MOST + 1))
}

# The last ones of so many calls, when they are rather sampled: what the keeper
# has to tell comes by read() after all that apply reads to make a plan.
news_is_read() {
	[ "$calls" -le 1000 ] || echo $((calls - 1)) "$calls"
}

# survives CALL FAULT SENTENCE RUN...: at calls of that kind, not the same ones
# for each fault.
survives() {
	local call=$1 fault=$2 sentence=$3 n what stride hits=0 faults=0
	shift 3
	kinds=$((kinds + 1))
	find_stride "$fault"
	for n in $(seq $((1 + kinds * 7 % stride)) "$stride" "$calls") \
		$(news_is_read); do
		"$@" "$call" "$fault:when=$n"
		! was_hit || hits=$((hits + 1))
		what=$(judge)
		heal || what+=" and a new apply does not heal it"
		[ -n "$what" ] || continue
		faults=$((faults + 1))
		note "call $n: $what
$(cat "$scratch/out" "$scratch/said")
$(tail -3 "$scratch/trace")"
	done
	tries=$((tries + hits))
	if [ "$faults" -gt 0 ]; then
		not_ok "$sentence" "$faults faults at $hits calls"
	elif [ "$hits" -eq 0 ]; then
		not_ok "$sentence" "none of $calls such calls met it"
	else
		ok "$sentence, tried at $hits"
	fi
}

# survives_all SENTENCE RUN...: with lines CALL WHAT... on standard input.
survives_all() {
	local sentence=$1 call faults fault
	shift
	"$@" all
	cp "$scratch/trace" "$scratch/calls"
	heal || not_ok "a run without faults needs no healing"
	while read -r call faults; do
		case "$sentence $call" in *"$only"*) ;; *) continue ;; esac
		count_calls "$call"
		if [ "$calls" -eq 0 ]; then
			not_ok "$sentence calls $call()"
			continue
		fi
		for fault in $faults; do
			case $fault in
			KILL) survives "$call" signal=KILL \
				"$sentence may die at $call()" "$@" ;;
			*)
				survives "$call" "error=$fault" \
					"$sentence survives $fault of $call()" "$@"
				[ -n "${STEP:-}" ] || break
				;;
			esac
		done
	done
}

command -v strace >/dev/null ||
	skip_all "apply --confirm survives failing system calls" "no strace"
ns_make host peer && veth_make host eth0 peer eth0 || exit 1
old_rules=$scratch/old.rules new_rules=$scratch/new.rules
rules_for 10.0.0.0/8 "$old_rules"
rules_for 192.168.0.0/16 "$new_rules"
coproc HOLDER { hold_turns; }
: >"$scratch/said"
check "a policy is applied" wirewall apply --rules "$old_rules" eth0
old=$(xdp_id host eth0)

# STEP=1 tries every call with every error, and takes half an hour; ONLY=words: some.
only=${ONLY:-} kinds=0 tries=0 MOST=120
# What their manual pages say that calls may fail with.
survives_all "a keeper that attaches" run_keeper attach term <<'END'
bpf KILL ENOMEM EPERM EINTR
sendto KILL ENOBUFS EINTR
recvfrom KILL ENOBUFS EINTR
socket EMFILE EACCES
openat KILL EMFILE ENOSPC
read EIO
write KILL ENOSPC EPIPE
renameat KILL EROFS
poll KILL ENOMEM EINTR
bind EADDRINUSE ENOMEM
listen EADDRINUSE
setsockopt ENOBUFS
mmap ENOMEM
unlinkat EROFS
getdents64 EIO
END
survives_all "a keeper that is told" run_keeper wait confirm <<'END'
poll KILL ENOMEM EINTR
accept4 KILL EMFILE ECONNABORTED EINTR
read KILL EIO EINTR
getsockopt KILL ENOBUFS
bpf KILL ENOMEM EPERM
write KILL EPIPE EINTR
END
survives_all "a keeper that rolls back" run_keeper wait term <<'END'
socket KILL EMFILE
sendto KILL ENOBUFS ENOMEM
recvfrom KILL ENOBUFS EINTR
bind KILL ENOMEM
END
survives_all "apply --confirm" run_command <<'END'
pipe2 EMFILE
clone KILL EAGAIN ENOMEM
setsid KILL EPERM
signalfd4 KILL EMFILE
dup2 EBUSY
chdir EACCES
rt_sigprocmask EINVAL
read KILL EIO
END
survives_all "confirm" run_confirm <<'END'
socket KILL EMFILE EACCES
connect KILL EAGAIN EACCES ENOMEM
getsockopt KILL ENOBUFS
sendto KILL EPIPE ENOBUFS EINTR
poll KILL EINTR ENOMEM
read KILL EIO ECONNRESET
write KILL ENOSPC EPIPE
END
note "$tries faults"
eval "exec ${HOLDER[1]}>&-"
check "everything is taken off" wirewall off

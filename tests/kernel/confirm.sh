#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# apply --confirm: what nobody confirms is rolled back, whatever happens to the
# terminal; and applies that run at once take turns.

. "$(dirname "$0")/lib.sh"

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

rules_for() {
	printf '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s %s -j DROP\nCOMMIT\n' \
		"$1" >"$2"
}

is_attached() {
	[ "$(xdp_id host eth0)" = "$1" ]
}

# attached ID SENTENCE
attached() {
	if is_attached "$1"; then
		ok "$2"
	else
		not_ok "$2" "expected '$1', found '$(xdp_id host eth0)'"
	fi
}

# It, and the command that started it, are all that runs in there.
no_keeper() {
	[ -z "$(ip netns pids host)" ]
}

# passes SOURCE: an answer to a ping comes from there.
passes() {
	in_ns host ping -q -c 1 -W 1 -I 172.31.0.1 "$1" >/dev/null
}

try() {
	wirewall apply --rules "$scratch/new.rules" --confirm "$@" eth0
}

ns_make host peer && veth_make host eth0 peer eth0 || exit 1
rules_for 10.0.0.0/8 "$scratch/old.rules"
rules_for 192.168.0.0/16 "$scratch/new.rules"

check_exit 3 "nothing waits at first" wirewall confirm
check_says 'nothing waits for a confirmation' "which is said"
check "a first policy is tried" try 1
check_says 'comes back in 1 seconds' "the time is told"
wait_for 5 is_attached '' && ok "nobody confirms it: it is taken off" ||
	not_ok "nobody confirms it: it is taken off"

check "a policy is applied for good" \
	wirewall apply --rules "$scratch/old.rules" eth0
old=$(xdp_id host eth0)
check "another one is tried" try 1
is_attached "$old" && not_ok "it takes the first one's place" ||
	ok "it takes the first one's place"
wait_for 5 is_attached "$old" &&
	ok "nobody confirms it: the very same program is back" ||
	not_ok "nobody confirms it: the very same program is back"
check "with its record" wirewall status eth0
check_says 'old.rules' "under its name"

check "it is tried again" try 60
new=$(xdp_id host eth0)
check "status tells that it may go" wirewall status
check_says 'rolled back in (60|5[0-9]) seconds' "and when"
check_exit 3 "nobody else applies meanwhile" \
	wirewall apply --rules "$scratch/old.rules" eth0
check_says 'waits for "wirewall confirm"' "and is told why"
check_exit 3 "nor tries something else" try 5
check "somebody confirms it" wirewall confirm
check_says 'confirmed, [0-9]+ seconds before' "and is told how late it was"
attached "$new" "what is confirmed stays"
check_exit 3 "nothing waits any more" wirewall confirm

check "one is tried without a /run" env -i PATH="$PATH" \
	ip netns exec host unshare --mount bash -c '
		umount -l /run && mount -t proc proc /proc
		'"$WIREWALL"' apply --rules <(printf "%s\n" "*raw" \
			":PREROUTING ACCEPT [0:0]" \
			"-A PREROUTING -s 10.9.0.0/16 -j DROP" COMMIT) \
			--confirm 1 eth0'
wait_for 5 is_attached "$new" && ok "it is rolled back, too" ||
	not_ok "it is rolled back, too" "$output"

# The keeper itself is asked to end, as when a session is torn down.
check "one is tried for long" wirewall apply --rules "$scratch/old.rules" \
	--confirm 600 eth0
kill -TERM "$(ip netns pids host)"
wait_for 5 is_attached "$new" && ok "ending its keeper rolls it back" ||
	not_ok "ending its keeper rolls it back"

# It is killed: nobody is left to roll it back.
addr host eth0 172.31.0.1/24
addr peer eth0 172.31.0.2/24 10.0.0.1/8
in_ns host ip route add 10.0.0.0/8 dev eth0
check "packets come that it will drop" \
	wait_for 5 passes 10.0.0.1
check "it is tried once more" wirewall apply --rules "$scratch/old.rules" \
	--confirm 2 eth0
kill -KILL "$(ip netns pids host)"
check_fails "they do not under the new one" passes 10.0.0.1
check "it is not rolled back when its keeper is killed" wirewall status
check_says 'process that would roll it back is gone: passes everything in' \
	"status tells that it will pass everything"
check "which it does then" wait_for 10 passes 10.0.0.1
check "status sees it" wirewall status
check_says 'is gone: passes everything; apply again' "as it is"
check "it is known to programs, too" wirewall status --json
check_says '"expires_in": 0' "by a number"
check "and to metrics" wirewall stats --prometheus
check_says '^wirewall_stopped.* 1$' "as stopped"
check_exit 3 "nobody can confirm it any more" wirewall confirm
check "applied again" wirewall apply --rules "$scratch/old.rules" eth0
check_says 'as before' "the same program goes on"
check_fails "and drops again" passes 10.0.0.1
check "the other one is back" wirewall apply --rules "$scratch/new.rules" eth0

check "off goes before a roll-back" wirewall apply \
	--rules "$scratch/old.rules" --confirm 600 eth0
check "everything is taken off" wirewall off
wait_for 5 no_keeper &&
	ok "then nobody waits any more" || not_ok "then nobody waits any more"
attached '' "and nothing is put back"

# The terminal dies with all that is on it, before apply has said a word.
wirewall apply --rules "$scratch/old.rules" eth0 >/dev/null 2>&1
old=$(xdp_id host eth0)
script -qec "ip netns exec host $WIREWALL apply --rules $scratch/new.rules \
	--confirm 1 eth0 & sleep 0.02; kill -HUP 0" /dev/null >/dev/null 2>&1
wait_for 10 no_keeper
attached "$old" "a terminal that dies leaves what was there"

# The command dies at each of its system calls; the keeper does not.
left=0 count=0 kept=0
for call in clone read write rt_sigprocmask; do
	for ((n = 1; n <= 100; n++)); do
		in_ns host strace -qq -o "$scratch/trace" -e trace="$call" \
			-e inject="$call:signal=KILL:when=$n" \
			"$WIREWALL" apply --rules "$scratch/new.rules" \
			--confirm 1 eth0 >/dev/null 2>&1
		no_keeper || kept=$((kept + 1))
		wait_for 10 no_keeper
		is_attached "$old" || left=$((left + 1))
		grep -q 'killed by SIGKILL' "$scratch/trace" || break
		count=$((count + 1))
	done
done
[ "$left" -eq 0 ] && [ "$kept" -gt 4 ] &&
	ok "apply --confirm may die anywhere: $count times the old is back" ||
	not_ok "apply --confirm may die anywhere" "$left of $count, $kept kept"

# Eight at once: each in its turn, none refused.
for i in 1 2 3 4 5 6 7 8; do
	rules_for "10.$i.0.0/16" "$scratch/$i.rules"
	{
		wirewall apply --rules "$scratch/$i.rules" eth0 \
			>"$scratch/$i.out" 2>&1
		echo $? >"$scratch/$i.exit"
	} &
done
wait
output=$(cat "$scratch"/[1-8].exit)
[ "$output" = "$(printf '0\n0\n0\n0\n0\n0\n0\n0')" ] &&
	ok "eight applies at once take turns" ||
	not_ok "eight applies at once take turns" "$(cat "$scratch"/[1-8].out)"
output=$(wirewall status)
check_says '[1-8].rules' "the last one has its record"

# Somebody without rights holds the name: that keeps nobody from anything.
in_ns host setpriv --reuid 65534 --clear-groups /usr/bin/python3 -c '
import socket, time
s = socket.socket(socket.AF_UNIX)
s.bind("\0wirewall/apply")
s.listen()
time.sleep(60)' &
squatter=$!
wait_for 5 in_ns host grep -q @wirewall/apply /proc/net/unix &&
	ok "a stranger holds the name" || not_ok "a stranger holds the name"
check "a name that a stranger holds keeps nobody from applying" \
	wirewall apply --rules "$scratch/old.rules" eth0
kill "$squatter" 2>/dev/null

start=$(date +%s%N)
check "everything is taken off again" wirewall off
note "off took $((($(date +%s%N) - start) / 1000000)) ms"

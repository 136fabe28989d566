#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh CASE...: boot, pass on what the guest prints, judge what it did not
# print. For run only, which exports what it found out.

. tests/vm/image.sh

limit=${VM_LIMIT:-1500}

# What a case asks for beside a processor and memory: qemu's words, in lines
# "# guest-devices:". Those with a tap need one, in a network namespace of the
# guest's own; without it the case does not find its devices and says so.
devices=()
net=()
choose_devices() {
	local line words
	can_tap || echo "# no tap here: guests have fewer devices" >&2
	while read -r line; do
		case $line in *tap,*) [ "${#net[@]}" -gt 0 ] || continue ;; esac
		read -ra words <<<"$line"
		devices+=("${words[@]}")
	done < <(sed -n 's/^# guest-devices: *//p' "$@")
}

# can_tap: fills net with the command that makes such a namespace.
can_tap() {
	if [ "$(id -u)" -eq 0 ]; then
		net=(unshare --net)
	else
		net=(unshare --map-root-user --net)
	fi
	"${net[@]}" sh -c 'PATH=$PATH:/usr/sbin:/sbin
		ip tuntap add dev t0 mode tap' 2>/dev/null || {
		net=()
		return 1
	}
}

# -accel tcg: KVM hangs where this machine is a guest itself. Time is not even in
# such a guest, so no watchdog: what hangs is found by the limits. loglevel=5
# shows the kernel's warnings.
boot() {
	nice setpriv --pdeathsig KILL timeout --foreground -s KILL "$limit" \
		"${net[@]}" setpriv --pdeathsig KILL qemu-system-x86_64 \
		"${devices[@]}" -accel tcg -cpu max -smp 1 -m 512 \
		-nodefaults -display none -no-reboot \
		-kernel "$kernel/boot/vmlinuz-$release" \
		-initrd "$scratch/initrd" \
		-serial "file:$scratch/console" -serial stdio \
		-append "console=ttyS0 quiet loglevel=5 panic=-1 oops=panic \
mitigations=off nokaslr tsc=reliable random.trust_cpu=on nowatchdog \
rcupdate.rcu_cpu_stall_suppress=1 cryptomgr.notests \
CASE_LIMIT=${CASE_LIMIT:-300} ${VM_WORDS:-}" </dev/null
}

# why STATUS: why a guest that did not end by itself did so.
why() {
	local panic
	panic=$(tr -d '\r' <"$scratch/console" |
		grep -a -m 1 -o 'Kernel panic.*')
	if [ -n "$panic" ]; then
		echo "$panic"
	elif [ "$1" -eq 137 ]; then
		echo "the guest took more than $limit s (VM_LIMIT)"
	elif [ "$1" -ne 0 ]; then
		echo "qemu ended with status $1"
	else
		echo "the guest ended before"
	fi
}

complaints() {
	local sentence="the guest's kernel has no complaint"
	if grep -aq -e 'WARNING: CPU' -e 'BUG:' -e 'Oops:' -e 'Kernel panic' \
		"$scratch/console"; then
		echo "not ok - $sentence"
		tail -n 60 "$scratch/console" | tr -d '\r' | sed 's/^/#   /'
	else
		echo "ok - $sentence"
	fi
}

base=$(image_base) && cases=$(image_cases "$build/wirewall" "$@") || exit 1
cat "$base" "$cases" >"$scratch/initrd" || exit 1

choose_devices "$@"
# One guest at a time: it wants a processor of its own.
exec {lock}>"$cache/lock" && flock "$lock"
# Not in a pipeline: the guest is to be this process's child, to die with it.
boot > >(tee "$scratch/results")
why=$(why $?)
wait $!
cp "$scratch/console" "$build/vm/console.log"
awk -v cases="$*" -v why="$why" -f tests/vm/judge.awk "$scratch/results"
complaints

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every situation of tests/situations.md that this kernel has (S=pattern: those
# whose name has it), and whether that table is right: its commands exist, and
# no situation is left out of it.

cd "$(dirname "$0")/../.." || exit 1
matrix=tests/situations.md
status=0

# told SENTENCE LINE...: the lines are what is wrong.
told() {
	local sentence=$1
	shift
	if [ $# -eq 0 ]; then
		echo "ok - $sentence"
		return
	fi
	printf '#   %s\n' "$@"
	echo "not ok - $sentence"
	status=1
}

# The commands are in the second column, in backquotes.
commands() {
	sed -n 's/^|[^|]*| `\([^`]*\)` |.*/\1/p' "$matrix"
}

missing=()
while read -r command; do
	script=${command%% *}
	[ "$script" != make ] || continue
	[ -x "$script" ] || [ -f "$script" ] || missing+=("no $script")
done < <(commands)
rows=$(commands | wc -l)
[ "$rows" -ge 20 ] || missing+=("only $rows rows have a command")
told "every command of $matrix exists" "${missing[@]}"

forgotten=()
for script in tests/kernel/situations/*.sh tests/vm/cases/0[3-9]_*.sh; do
	case $script in
	*/lib.sh | *05_conntrack_module.sh) continue ;;
	esac
	grep -qF "\`$script\`" "$matrix" || forgotten+=("$script is not there")
done
told "every situation is in $matrix" "${forgotten[@]}"

for script in tests/kernel/situations/*.sh; do
	name=$(basename "$script" .sh)
	[ "$name" != lib ] || continue
	case $name in *"${S:-}"*) ;; *) continue ;; esac
	echo "# $name"
	bash "$script" || status=1
done
exit "$status"

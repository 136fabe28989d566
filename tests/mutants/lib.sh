# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced by tests/mutants/run: the list of mutants. A mutant is
#
#	breaks	what is wrong then, in a few words
#	item	the rule that it breaks, as in docs/testing.md
#	file	the source
#	test	what must notice: a program of tests/unit without _test,
#		`flat_diff 4|6`, `kernel_diff 4|6`, `program_diff 4|6`,
#		or `golden`
#	needs	a command: where it fails, nothing here can notice (may be
#		left out)
#
# and lines of the source as in a diff: ' ' stays, '-' goes, '+' comes. What
# stays and goes must be in the source exactly once. An empty line ends it;
# '#' begins a comment between mutants.
#
#	mutants_read FILE...	fills mutant_*[]; T=pattern chooses
#	mutants_check		result lines: is every text there, every item
#				broken? Of items.txt, without T.
#	mutant_target TEST	what to make for it
#	mutant_command TEST	what to run, in the tree

mutant_item=() mutant_breaks=() mutant_file=() mutant_test=()
mutant_needs=()
mutant_text=() # the whole source with the mistake in it
mutants_lost=() # sentences: texts that are not there, or twice

mutants_read() {
	local list
	for list in "$@"; do
		[ "$list" = tests/mutants/items.txt ] ||
			mutants_read_list "$list" || return
	done
}

mutants_read_list() {
	local line number=0 value
	local breaks='' item='' file='' test='' needs='' from='' to=''
	while IFS= read -r line; do
		number=$((number + 1))
		value=${line#*$'\t'}
		case $line in
		'#'*) ;;
		breaks$'\t'*) breaks=$value ;;
		item$'\t'*) item=$value ;;
		file$'\t'*) file=$value ;;
		test$'\t'*) test=$value ;;
		needs$'\t'*) needs=$value ;;
		' '*) from+=${line:1}$'\n' to+=${line:1}$'\n' ;;
		-*) from+=${line:1}$'\n' ;;
		+*) to+=${line:1}$'\n' ;;
		'')
			[ -z "$file" ] || mutant_add
			breaks='' item='' file='' test='' needs='' from='' to=''
			;;
		*)
			echo "not ok - $1:$number: '$line' is neither a" \
				"word of a mutant nor a line of its change"
			return 1
			;;
		esac
	done < <(cat "$1" && echo)
}

# The one that was just read, in the variables of mutants_read_list().
mutant_add() {
	local source rest
	case "$item $file $test $breaks" in *"${T:-}"*) ;; *) return ;; esac
	# Command substitution would eat the newlines at the end.
	IFS= read -r -d '' source <"$file"
	rest=${source#*"$from"}
	if [ -z "$from" ] || [ "$rest" = "$source" ]; then
		mutants_lost+=("is not in $file: $breaks")
		return
	elif [ "${rest#*"$from"}" != "$rest" ]; then
		mutants_lost+=("is in $file more than once: $breaks")
		return
	fi
	mutant_item+=("$item")
	mutant_breaks+=("$breaks")
	mutant_file+=("$file")
	mutant_test+=("$test")
	mutant_needs+=("${needs:-true}")
	mutant_text+=("${source%%"$from"*}$to$rest")
}

mutants_check() {
	local lost item why
	for lost in "${mutants_lost[@]}"; do
		echo "not ok - the text of a mutant $lost"
	done
	[ "${#mutants_lost[@]}" -gt 0 ] ||
		echo "ok - the texts of ${#mutant_item[@]} mutants are there"
	[ -z "${T:-}" ] || return 0
	while read -r item why; do
		case $item in '' | '#'*) continue ;; esac
		if printf '%s\n' "${mutant_item[@]}" | grep -qFx "$item"; then
			echo "ok - a mutant breaks $item"
		elif [ -n "$why" ]; then
			echo "SKIP - a mutant breaks $item: $why"
		else
			echo "not ok - a mutant breaks $item"
		fi
	done <tests/mutants/items.txt
}

mutant_target() {
	case $1 in
	golden) echo all ;;
	*_diff*) echo "build/tests/diff/${1% *}" ;;
	*) echo "build/tests/unit/$1_test" ;;
	esac
}

# Seeds are fixed: a mutant that is killed today is killed tomorrow.
mutant_command() {
	case $1 in
	golden) echo tests/golden/run ;;
	flat_diff*)
		echo "build/tests/diff/flat_diff --family ${1#* } --seed 1" \
			"--count 3000 --packets 100"
		;;
	kernel_diff*)
		echo "build/tests/diff/kernel_diff --family ${1#* } --seed 1" \
			"--count 40 --packets 200"
		;;
	program_diff*)
		echo "build/tests/diff/program_diff --family ${1#* } --seed 1" \
			"--count 150 --packets 100"
		;;
	card_diff*)
		echo "build/tests/diff/card_diff --family ${1#* } --seed 1" \
			"--count 150 --packets 200"
		;;
	*) echo "build/tests/unit/$1_test" ;;
	esac
}

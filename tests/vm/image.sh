# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced by guest.sh: the two archives that the guest's kernel unpacks as its root,
# one after the other, uncompressed because a guest without KVM is slow at that.
#
#	base	busybox, tools.txt, modules.txt and $kernel/extra/*.ko (modules
#		built for this kernel); cached, made again when one changes
#	cases	/init, the program, the cases and what they ask for; made for
#		each run; $VM_ROOT, where it is set, is a tree that comes along
#
# $kernel, $busybox, $cache, $scratch and $release (what uname -r will say) are
# run's.

# image_base: print the path of the base archive.
image_base() {
	local image root files
	mapfile -t files < <(image_tools)
	image=$kernel/base-$(image_key "${files[@]}").cpio
	if [ ! -e "$image" ]; then
		echo "# making $image" >&2
		find "$kernel" -maxdepth 1 -name 'base-*.cpio' -mtime +7 -delete
		root=$(mktemp -d "$cache/fresh.XXXXXX") || return
		if ! { image_tree "$root" && image_commands "$root" "${files[@]}" &&
			image_modules "$root" && image_pack "$root" "$image"; }
		then
			rm -rf "$root"
			return 1
		fi
		rm -rf "$root"
	fi
	echo "$image"
}

# image_tools: every file that tools.txt names, as "NAME FILE".
image_tools() {
	local tool file
	while read -r tool; do
		case $tool in
		/*)	# shellcheck disable=SC2086
			for file in $tool; do
				[ ! -f "$file" ] || echo "$file $file"
			done ;;
		*)	file=$(command -v "$tool") &&
				echo "/bin/$tool $(realpath "$file")" ;;
		esac
	done < <(sed 's/#.*//; /^[[:space:]]*$/d' tests/vm/tools.txt)
}

image_key() {
	{
		cat tests/vm/{tools.txt,modules.txt,image.sh}
		echo "$busybox"
		stat -c '%n %s %Y' "${@#* }" "$kernel"/extra/*.ko 2>/dev/null
	} | sha256sum | cut -c1-16
}

# image_tree ROOT: every command in one directory, whatever it is called by.
image_tree() {
	local applet
	mkdir -p "$1"/{usr/bin,usr/lib,usr/lib64,dev,proc,sys,run,tmp,root} \
		"$1"/{etc,var,wirewall} || return
	ln -s bin "$1/usr/sbin"
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$1"
	ln -s ../run "$1/var/run"
	echo root:x:0:0:root:/root:/bin/bash >"$1/etc/passwd"
	echo root:x:0: >"$1/etc/group"
	echo 127.0.0.1 localhost >"$1/etc/hosts"
	cp "$busybox" "$1/bin/busybox" || return
	for applet in $("$busybox" --list); do
		[ "$applet" = busybox ] || [ "$applet" = init ] || ln -s busybox "$1/bin/$applet"
	done
}

# image_commands ROOT "NAME FILE"...
image_commands() {
	local root=$1 name file entry
	shift
	for entry; do
		name=${entry% *} file=${entry#* }
		case $name in
		/bin/*)	image_copy "$root" "$file" "/bin/${file##*/}" || return
			[ "${name##*/}" = "${file##*/}" ] ||
				ln -sf "${file##*/}" "$root$name" ;;
		*)	image_copy "$root" "$file" "$name" || return ;;
		esac
	done
}

# image_copy ROOT FILE NAME: with the shared libraries that it needs.
image_copy() {
	local library
	mkdir -p "$1${3%/*}" && rm -f "$1$3" && cp -L "$2" "$1$3" || return
	case $(head -c 4 "$2" | tr -d '\0') in *ELF) ;; *) return 0 ;; esac
	for library in $(ldd "$2" 2>/dev/null | grep -o '/[^ ]*'); do
		[ -e "$1$library" ] || {
			mkdir -p "$1${library%/*}"
			cp -L "$library" "$1$library"
		} || return
	done
}

# image_modules ROOT
image_modules() {
	local from=$kernel/lib/modules/$release to=$1/lib/modules/$release
	local module
	mkdir -p "$to/extra" || return
	cp "$from"/modules.{builtin,order} "$to" || return
	image_module_files "$from/modules.dep" | while read -r module; do
		mkdir -p "$to/${module%/*}" &&
			cp "$from/$module" "$to/$module" || return
	done
	for module in "$kernel"/extra/*.ko; do
		[ ! -e "$module" ] || cp "$module" "$to/extra" || return
	done
	"$busybox" depmod -b "$1" "$release"
}

# image_module_files MODULES.DEP: the files for modules.txt, those that they
# depend on included (modules.dep names all of them, not only the next).
image_module_files() {
	sed 's/#.*//; s/[[:space:]]*$//; /^$/d; s/\*/.*/g; s/^/^/; s/$/$/' \
		tests/vm/modules.txt >"$scratch/modules"
	awk 'NR == FNR { patterns[++count] = $0; next }
	{
		path = $1
		sub(/:$/, "", path)
		name = path
		gsub(/^.*\/|\.ko$/, "", name)
		gsub(/-/, "_", name)
		for (i = 1; i <= count; i++)
			if (name ~ patterns[i])
				for (j = 1; j <= NF; j++) {
					sub(/:$/, "", $j)
					print $j
				}
	}' "$scratch/modules" "$1" | sort -u
}

# image_pack ROOT IMAGE
image_pack() {
	(cd "$1" && find . | cpio --quiet -o -H newc -R 0:0) >"$2.$$" &&
		mv "$2.$$" "$2"
}

# image_cases PROGRAM CASE...: print the path of the cases' archive. A case names
# what it needs beside lib.sh, as paths in this tree, in lines "# guest-files:".
image_cases() {
	local root=$scratch/root file program=$1
	shift
	mkdir -p "$root/wirewall/tests/kernel" &&
		image_init "$root" || return
	printf '%s\n' "$@" >"$root/wirewall/cases"
	cp tests/kernel/{lib,checks}.sh "$root/wirewall/tests/kernel" &&
		image_copy "$root" tests/vm/lib.sh /wirewall/tests/vm/lib.sh ||
		return
	image_copy "$root" "$program" /wirewall/build/wirewall || return
	# shellcheck disable=SC2013
	for file in "$@" $(sed -n 's/^# guest-files: *//p' "$@" 2>/dev/null); do
		if [ ! -f "$file" ]; then
			echo "a case needs $file, which is not there" >&2
			return 1
		fi
		image_copy "$root" "$file" "/wirewall/$file" || return
	done
	# Directories that the base has are links there: the same ones here.
	image_relink "$root" && image_pack "$root" "$scratch/cases.cpio" &&
		echo "$scratch/cases.cpio"
}

# image_init ROOT: the first process of the guest, unless $VM_ROOT brings another.
image_init() {
	install -m 755 tests/vm/init.sh "$1/wirewall/init" &&
		ln -s wirewall/init "$1/init" || return
	[ -z "${VM_ROOT:-}" ] || cp -a --remove-destination "$VM_ROOT/." "$1"
}

# image_relink ROOT: the kernel would put a directory /lib in place of the
# base's link /lib -> usr/lib, and so on.
image_relink() {
	local name to
	for name in bin sbin usr/sbin lib lib64; do
		[ -d "$1/$name" ] && [ ! -L "$1/$name" ] || continue
		to=$1/usr/$(basename "${name/sbin/bin}")
		mkdir -p "$to" && cp -al --remove-destination "$1/$name/." "$to" &&
			rm -rf "${1:?}/$name" || return
	done
}

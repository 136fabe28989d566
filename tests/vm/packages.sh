# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced by run and tests/hw/modules.sh: Debian packages, unpacked in a cache,
# never installed.
#
#	VM_CACHE	where; ${XDG_CACHE_HOME:-$HOME/.cache}/wirewall-vm
#	VM_FLAVOUR	of the kernel: cloud-amd64 (small), amd64 (all drivers)
#
# Functions that print a directory say on stderr why they could not, in one
# line.

cache=${VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/wirewall-vm}
flavour=${VM_FLAVOUR:-cloud-amd64}

# package_version NAME: what apt would install now; empty: it knows none.
package_version() {
	apt-cache policy "$1" |
		awk '/Candidate:/ && $2 != "(none)" { print $2 }'
}

# package_unpack NAME[=VERSION] [FUNCTION]: download it (what apt would install
# now), unpack it, print the directory. Its name has the version, so that it is
# done once for each. Before that, FUNCTION VERSION FRESH DIRECTORY completes it
# in FRESH.
package_unpack() {
	local name=${1%%=*} complete=${2:-true} version=${1#"${1%%=*}"}
	local dir fresh
	version=${version#=}
	[ -n "$version" ] || version=$(package_version "$name")
	if [ -z "$version" ]; then
		echo "apt knows no package $name: run apt-get update" >&2
		return 1
	fi
	dir=$cache/${name}_${version//:/%3a}
	if [ ! -d "$dir" ]; then
		fresh=$(mktemp -d "$cache/fresh.XXXXXX") || return
		if ! package_fetch "$name=$version" "$fresh" ||
			! "$complete" "$version" "$fresh" "$dir"; then
			rm -rf "$fresh"
			return 1
		fi
		# Somebody else may have been faster: theirs is as good.
		mv -T "$fresh" "$dir" 2>/dev/null || rm -rf "$fresh"
	fi
	echo "$dir"
}

# package_fetch NAME=VERSION DIRECTORY
package_fetch() {
	local said
	echo "# unpacking $1 in $cache" >&2
	if ! said=$(cd "$2" && apt-get -q -o APT::Sandbox::User="$(id -un)" \
		download "$1" 2>&1); then
		echo "apt-get download $1: $(tail -1 <<<"$said")" >&2
		return 1
	fi
	dpkg-deb -x "$2"/*.deb "$2" && rm -f "$2"/*.deb && chmod 755 "$2"
}

# kernel_name: the package of the flavour's kernel, linux-image-RELEASE.
kernel_name() {
	local name
	name=$(apt-cache depends "linux-image-$flavour" 2>/dev/null |
		awk '/Depends: linux-image-/ { print $2; exit }')
	if [ -z "$name" ]; then
		echo "apt knows no linux-image-$flavour: VM_FLAVOUR is" \
			"cloud-amd64 or amd64; or run apt-get update" >&2
		return 1
	fi
	echo "$name"
}

# kernel_unpack: print the directory of the flavour's kernel, made ready for
# modprobe.
kernel_unpack() {
	local name dir
	name=$(kernel_name) || return
	dir=$(package_unpack "$name") || return
	[ -e "$dir/lib/modules/${name#linux-image-}/modules.dep" ] ||
		"$busybox" depmod -b "$dir" "${name#linux-image-}" || return
	echo "$dir"
}

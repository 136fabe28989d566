# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Sourced by run and judge after tests/vm/packages.sh: netdevsim.ko and nfp.ko for
# the guest's kernel, in $build/hw. The driver's source comes from Debian's
# linux-source, in exactly the version of the kernel. Built once for each version
# and each change of tests/hw/nfpsim, in the packages' cache.

# modules_make: says on stderr why it could not, in one line at the end.
modules_make() {
	local name version headers source dir fresh
	name=$(kernel_name) || return
	release=${name#linux-image-}
	version=$(package_version "$name")
	headers=$(package_unpack "linux-headers-$release" headers_complete) &&
		source=$(package_unpack "linux-source-${release%.*}=$version" \
			source_complete) || return
	dir=$cache/modules-$release-$(modules_key "$headers")
	if [ ! -d "$dir" ]; then
		echo "# building $dir" >&2
		fresh=$(mktemp -d "$cache/fresh.XXXXXX") || return
		if ! modules_build "$headers/usr/src/linux-headers-$release" \
			"$source/drivers/net" "$fresh"; then
			rm -rf "$fresh"
			return 1
		fi
		mv -T "$fresh" "$dir" 2>/dev/null || rm -rf "$fresh"
	fi
	mkdir -p "$build/hw" && cp -u "$dir"/*.ko "$build/hw"
}

modules_key() {
	{
		echo "$1"
		cat tests/hw/modules.sh tests/hw/nfpsim/*
	} | sha256sum | cut -c1-16
}

# headers_complete VERSION FRESH DIRECTORY: what the headers are installed beside.
# Debian's makefiles name /usr/src. While a signed kernel is on its way the tools
# are of the next version alone, which is as good: they depend on none exactly.
headers_complete() {
	local tools=linux-kbuild-${release%.*}
	package_fetch "linux-headers-${release%-"$flavour"}-common=$1" "$2" &&
		{ package_fetch "$tools=$1" "$2" 2>/dev/null ||
			package_fetch "$tools" "$2"; } &&
		sed -i "s#/usr/src/#$3/usr/src/#" \
			"$2/usr/src/linux-headers-$release/Makefile"
}

# source_complete VERSION FRESH DIRECTORY: two drivers of the whole kernel.
source_complete() {
	xz -T0 -dc "$2"/usr/src/linux-source-*.tar.xz |
		tar -x -C "$2" --strip-components=1 --wildcards \
			'*/drivers/net/netdevsim' \
			'*/drivers/net/ethernet/netronome/nfp' &&
		rm -rf "${2:?}/usr"
}

# modules_build HEADERS DRIVERS INTO
modules_build() {
	local log=$3/log
	cp -r "$2/netdevsim" tests/hw/nfpsim "$3" &&
		cp -r "$2/ethernet/netronome/nfp" "$3/nfpsim/nfp" || return
	if ! make -s -j"$(nproc)" -C "$1" M="$3/netdevsim" \
		CONFIG_NETDEVSIM=m modules >"$log" 2>&1 ||
		! make -s -j"$(nproc)" -C "$1" M="$3/nfpsim" TREE="$PWD" \
			modules >>"$log" 2>&1; then
		cat "$log" >&2
		echo "building the modules for $release failed" >&2
		return 1
	fi
	strip -g "$3"/{netdevsim/netdevsim,nfpsim/nfp}.ko &&
		mv "$3"/{netdevsim/netdevsim,nfpsim/nfp}.ko "$3" &&
		rm -rf "$3"/{netdevsim,nfpsim}
}

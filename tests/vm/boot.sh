#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/vm/boot.sh [CASE...]: boots a guest with systemd in which wirewall is
# installed from its package beside real firewalls' units, and runs the cases in it
# (all of tests/vm/boot, T=pattern: those whose name has the pattern), all in
# one boot. The variables of tests/vm/run count here, too.
#
# CASE_LIMIT is 400.
#
# systemd is this machine's; the firewalls' packages are unpacked in the cache.

cd "$(dirname "$0")/../.." || exit 1
. ci/count.sh
. tests/vm/packages.sh
. tests/vm/image.sh

PATH=$PATH:/usr/sbin:/sbin
build=${BUILD:-build}
root=$build/vm/boot-root
firewalls="netfilter-persistent iptables-persistent nftables ufw firewalld
	docker.io"
enabled="netfilter-persistent nftables ufw docker wire
	wirewall wirewall-watch"

# only_units VERSION FRESH DIRECTORY: docker is large.
only_units() {
	rm -rf "${2:?}/usr"
}

root_systemd() {
	local pattern file
	while read -r pattern; do
		for file in $pattern; do
			if [ -L "$file" ]; then
				mkdir -p "$root${file%/*}" &&
					cp -a "$file" "$root$file"
			else
				image_copy "$root" "$file" "$file"
			fi || return
		done
	done < <(sed 's/#.*//; /^[[:space:]]*$/d' tests/vm/boot/systemd.txt)
	ln -s lib/systemd/systemd "$root/init"
}

root_firewalls() {
	local name dir complete
	for name in $firewalls; do
		complete=true
		[ "$name" != docker.io ] || complete=only_units
		dir=$(package_unpack "$name" "$complete") &&
			cp -a "$dir/." "$root" || return
	done
}

root_wirewall() {
	local package
	package=$(packaging/deb "$build" "$build/vm" | tail -n 1)
	[ -f "$package" ] && dpkg-deb -x "$package" "$root" &&
		dpkg-deb -e "$package" "$root/wirewall/deb" &&
		rm "$package" && cp -a tests/vm/boot/root/. "$root"
}

root_make() {
	rm -rf "$root" && mkdir -p "$root/wirewall" "$cache" &&
		root_firewalls && root_systemd && root_wirewall || return
	rm -rf "$root/etc/init.d" # systemctl would ask update-rc.d
	# shellcheck disable=SC2086 # words are units
	systemctl --root="$root" enable $enabled
}

choose() {
	local script
	for script in tests/vm/boot/[0-9]*.sh; do
		case $script in *"${T:-}"*) echo "$script" ;; esac
	done
}

boot() {
	local why
	if why=$(root_make 2>&1); then
		CASE_LIMIT=${CASE_LIMIT:-400} VM_ROOT=$root VM_WORDS="systemd.unit=cases.target \
systemd.show_status=false" tests/vm/run "$@"
	elif [ -n "${CI:-}" ]; then
		printf '%s\n' "$why" | sed 's/^/#   /'
		echo "not ok - a guest with systemd can be made"
	else
		echo "SKIP - a guest with systemd: $(tail -n 1 <<<"$why")"
	fi
}

[ $# -gt 0 ] || mapfile -t chosen < <(choose)
[ $# -eq 0 ] || chosen=("$@")
[ "${#chosen[@]}" -eq 0 ] || count_run boot boot "${chosen[@]}"
count_end

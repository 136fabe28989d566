#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# apply without names: what /etc/wirewall says, done twice without a change,
# shown before it is done, and refused when others than root could have
# written it.

. "$(dirname "$0")/lib.sh"

conf=$scratch/conf

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

# rules FILE SOURCE...: drops from these addresses.
rules() {
	local file=$1 source
	shift
	{
		printf '*raw\n:PREROUTING ACCEPT [0:0]\n'
		for source; do
			echo "-A PREROUTING -s $source -j DROP"
		done
		echo COMMIT
	} >"$file"
}

# refused PATTERN SENTENCE: apply fails as bad input and changes nothing.
refused() {
	local before
	before=$(xdp_id host eth0)
	check_exit 2 "$2 is refused" wirewall apply --config "$conf"
	check_says "$1" "$2 is named with its remedy"
	[ "$(xdp_id host eth0)" = "$before" ] ||
		not_ok "$2 changes nothing"
}

ns_make host peer && veth_make host eth0 peer eth0 &&
	veth_make host eth1 peer eth1 || exit 1
mkdir "$conf"
rules "$scratch/a.rules" 10.0.0.0/8 192.168.0.0/16
cat >"$conf/a.conf" <<CONF
[interface eth0]
rules = $scratch/a.rules
max = native

[interface wan7]
rules = $scratch/a.rules
CONF
printf '[interface eth*]\nrules = %s\nmax = generic\n' "$scratch/a.rules" \
	>"$conf/b.conf"
echo nonsense >"$conf/b.conf.dpkg-old"

check "the configuration is checked" wirewall config check --config "$conf"
check_says '3 sections' "files that do not end with .conf are not read"
check "what would change is shown" wirewall apply --config "$conf" --diff
check_says '^eth0: a program would be attached' "an attachment is foreseen"
[ -z "$(xdp_id host eth0)" ] && ok "--diff changes nothing" ||
	not_ok "--diff changes nothing"

check "apply without names attaches" wirewall apply --config "$conf"
check_says '^eth0: .*native' "a name has the settings of its section"
check_says '^eth1: .*generic' "other names have those of the pattern"
check_says 'wan7 is not on this machine' "an absent interface is told"

first=$(xdp_id host eth0)
check "apply again is as asked" wirewall apply --config "$conf"
check_says "program $first, as before" "unchanged is said"
[ "$(xdp_id host eth0)" = "$first" ] && ok "unchanged is left alone" ||
	not_ok "unchanged is left alone"
check "and foreseen" wirewall apply --config "$conf" --diff
check_says "^eth0: unchanged \(native, program $first\)" "unchanged is foreseen"

rules "$scratch/a.rules" 10.0.0.0/8 172.16.0.0/12
check "new rules are shown" wirewall apply --config "$conf" --diff
check_says '\+ raw PREROUTING -s 172.16.0.0/12 -j DROP' "what is new is shown"
check_says '\- raw PREROUTING -s 192.168.0.0/16 -j DROP' "what goes is shown"
# shellcheck disable=SC2034 # check_says reads it
output=$(wirewall apply --config "$conf" --diff --json |
	python3 -c 'import json, sys
for i in json.load(sys.stdin)["interfaces"]:
	print(i["interface"], i["change"], *i["added"])')
check_says '^eth0 replace raw PREROUTING -s 172.16.0.0/12 -j DROP$' \
	"programs can read it, too"
check "new rules are applied" wirewall apply --config "$conf"
[ "$(xdp_id host eth0)" != "$first" ] && ok "they take the old ones' place" ||
	not_ok "they take the old ones' place"

rm "$conf/b.conf"
check "a section may go" wirewall apply --config "$conf" --diff
check_says '^eth1: program [0-9]+ would be taken off' "which is foreseen"
check "and is done" wirewall apply --config "$conf"
[ -z "$(xdp_id host eth1)" ] && ok "what no section wants is taken off" ||
	not_ok "what no section wants is taken off"
[ -n "$(xdp_id host eth0)" ] && ok "the others stay" || not_ok "the others stay"

chmod g+w "$conf/a.conf"
refused "chmod go-w $conf/a.conf" "a file that a group may write"
chmod g-w "$conf/a.conf" && chown 1234 "$conf/a.conf"
refused "belongs to the user 1234.*chown root" "a file of somebody else"
chown 0 "$conf/a.conf" && chmod o+w "$conf"
refused "chmod go-w $conf" "a directory that everybody may write"
chmod o-w "$conf" && chmod o+w "$scratch/a.rules"
refused "line 1: $scratch/a.rules can be written" "a rules file for everybody"
chmod o-w "$scratch/a.rules"
mkdir "$scratch/open" && ln -s "$scratch/a.rules" "$scratch/open/link" &&
	chmod 777 "$scratch/open"
sed -i "s,^rules = .*,rules = $scratch/open/link," "$conf/a.conf"
refused "chmod go-w $scratch/open" "a link that anybody may turn elsewhere"
rm "$conf/a.conf"
mkfifo "$conf/a.conf"
refused "not a regular file" "a pipe"
rm "$conf/a.conf"
refused "has no configuration" "an empty directory"

check_exit 1 "options need names" wirewall apply --static
check_exit 1 "names need options, not files" \
	wirewall apply --config "$conf" eth0

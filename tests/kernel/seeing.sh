#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What operators see: live rates, metrics in a file and over HTTP, for a group
# too, and that a program is stopped.

. "$(dirname "$0")/lib.sh"

wirewall() {
	in_ns host "$WIREWALL" "$@"
}

# get USER PLACE PATH: the page, as that user.
get() {
	in_ns host setpriv --reuid "$1" --regid "$2" --clear-groups \
		/usr/bin/python3 - "$3" "$4" <<'PY'
import socket, sys
place, path = sys.argv[1:]
if place.startswith("/"):
    s = socket.socket(socket.AF_UNIX)
    s.connect(place)
else:
    host, port = place.rsplit(":", 1)
    s = socket.create_connection((host, int(port)))
s.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
text = b""
while chunk := s.recv(65536):
    text += chunk
print(text.decode().split("\r\n\r\n", 1)[1])
PY
}

# is_prometheus: does stdin have the text format, every metric with its head?
is_prometheus() {
	/usr/bin/python3 -c '
import re, sys
types = {}
count = 0
for line in sys.stdin.read().splitlines():
    if m := re.fullmatch(r"# TYPE (\w+) (gauge|counter)", line):
        types[m[1]] = m[2]
    elif not re.fullmatch(r"# HELP \w+ .+|", line):
        m = re.fullmatch(r"(\w+)\{(\w+=\"(?:[^\"\\\n]|\\.)*\",?)+\} \d+", line)
        assert m and m[1] in types, line
        count += 1
assert count > 3, count'
}

ns_make host peer && veth_make host eth0 peer eth0 || exit 1
addr host eth0 192.0.2.1/24 && addr peer eth0 192.0.2.2/24
cat >"$scratch/rules" <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p udp -m udp --dport 9 -m comment --comment "a \"quote\"" -j DROP
-A PREROUTING -p udp -m udp --dport 10 -j DROP
COMMIT
RULES
check "a policy is applied" wirewall apply --rules "$scratch/rules" eth0
ip netns exec peer /usr/bin/python3 "$top/tests/kernel/arrivals.py" \
	send 192.0.2.1 9 &

ip netns exec host timeout 2.5 "$WIREWALL" stats --watch >"$scratch/watch"
output=$(cat "$scratch/watch")
[ "$(grep -c 'A SECOND' "$scratch/watch")" -ge 2 ] &&
	ok "stats --watch tells again and again" ||
	not_ok "stats --watch tells again and again" "$output"
check_says '^ *[0-9]+ +[1-9][0-9]+ +raw PREROUTING 1' "with rates"

output=$(wirewall stats --prometheus)
is_prometheus <<<"$output" && ok "metrics are what Prometheus reads" ||
	not_ok "metrics are what Prometheus reads" "$output"
check_says 'dropped_packets_total\{interface="eth0".*rule="1"\} [1-9]' \
	"they have the drops of each rule"
check "metrics are written to a file" \
	wirewall stats --textfile "$scratch/wirewall.prom"
is_prometheus <"$scratch/wirewall.prom" && ok "which has them all" ||
	not_ok "which has them all"
check_exit 3 "a directory that is not there is told" \
	wirewall stats --textfile "$scratch/nowhere/a.prom"
mkdir "$scratch/full" && mount -t tmpfs -o size=4k tmpfs "$scratch/full"
head -c 4096 /dev/zero >"$scratch/full/filler"
check_exit 3 "a full disk is told" \
	wirewall stats --textfile "$scratch/full/a.prom"
[ "$(ls "$scratch/full")" = filler ] && ok "and nothing is left there" ||
	not_ok "and nothing is left there" "$(ls "$scratch/full")"

check_exit 1 "others than this machine are not served" \
	wirewall stats --listen 0.0.0.0:9718
check_exit 1 "a group that is not there is told" \
	wirewall stats --listen "unix:$scratch/socket" --group nosuchgroup
ip netns exec host "$WIREWALL" stats --listen "unix:$scratch/socket" \
	--group nogroup &
server=$!
ip netns exec host "$WIREWALL" stats --listen 127.0.0.1:9718 &
tcp=$!
wait_for 5 test -S "$scratch/socket"
wait_for 5 get 0 0 127.0.0.1:9718 /metrics
group=$(getent group nogroup | cut -d: -f3)
chmod 755 "$scratch"
output=$(get 65534 "$group" "$scratch/socket" /metrics)
is_prometheus <<<"$output" && ok "a member of the group reads metrics" ||
	not_ok "a member of the group reads metrics" "$output"
output=$(get 65534 "$group" "$scratch/socket" /status)
check_says '"kind": "status"' "and the status"
check_fails "others do not" get 65534 65533 "$scratch/socket" /metrics
output=$(get 65534 65533 127.0.0.1:9718 /metrics)
is_prometheus <<<"$output" && ok "loopback serves everybody here" ||
	not_ok "loopback serves everybody here" "$output"
output=$(get 0 0 127.0.0.1:9718 /etc/passwd)
check_says '^/metrics, /status or /stats' "other paths are nothing"
kill -KILL "$server"
wait "$server" 2>/dev/null
ip netns exec host "$WIREWALL" stats --listen "unix:$scratch/socket" &
server=$!
wait_for 5 get 0 0 "$scratch/socket" /metrics &&
	ok "a socket that was left behind is replaced" ||
	not_ok "a socket that was left behind is replaced"
kill "$server" "$tcp"
wait "$server" "$tcp"
[ ! -e "$scratch/socket" ] && ok "the socket goes with its server" ||
	not_ok "the socket goes with its server"

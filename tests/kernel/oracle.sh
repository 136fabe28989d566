#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Transfers in both directions, over TCP and UDP, IPv4 and IPv6, go on while the
# program is attached, replaced by one with other rules, shadowed and removed,
# native and generic. Every byte comes, in order; every datagram is answered.

. "$(dirname "$0")/lib.sh"

cat >"$scratch/server.rules" <<'RULES'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p udp -m udp --dport 53 -j ACCEPT
-A INPUT -p icmp -j ACCEPT
COMMIT
RULES
sed 's/-p icmp/-p ipv6-icmp/' "$scratch/server.rules" >"$scratch/server6.rules"
# Others, and no fewer drops.
for version in '' 6; do
	sed 's/-A INPUT -p icmp/-A INPUT -p udp -m udp --dport 9 -j DROP\n&/' \
		"$scratch/server$version.rules" >"$scratch/other$version.rules"
done

ns_make host peer || exit 1
veth_make host eth0 peer eth0 || exit 1
addr host eth0 192.0.2.1/24 fd00::1/64
addr peer eth0 192.0.2.2/24 fd00::2/64
in_ns host iptables-legacy-restore "$scratch/server.rules" || exit 1
in_ns host ip6tables-legacy-restore "$scratch/server6.rules" || exit 1

# One end listens, the other connects; then both send at once a stream in which
# every 4 bytes are a number, and check what comes. Over UDP the one that
# connects asks, each question is answered. SIGTERM ends it; what went wrong is
# the exit status.
cat >"$scratch/transfer.py" <<'PYTHON'
import select, signal, socket, struct, sys, time
role, kind, address, port = sys.argv[1:5]
family = socket.AF_INET6 if ':' in address else socket.AF_INET
is_over = False

def stop(*_):
    global is_over
    is_over = True
signal.signal(signal.SIGTERM, stop)

def numbers(first, count):
    return struct.pack('!%dI' % count, *range(first, first + count))

def stream(s):
    s.setblocking(False)
    out, sent, got, rest, heard = b'', 0, 0, b'', time.monotonic()
    while not is_over:
        readable, writable, _ = select.select([s], [s], [], 0.2)
        if readable:
            data = s.recv(65536)
            if not data:
                break
            heard = time.monotonic()
            rest += data
            whole = len(rest) // 4
            if rest[:whole * 4] != numbers(got, whole):
                sys.exit('what came is not what was sent')
            got, rest = got + whole, rest[whole * 4:]
        if writable:
            if len(out) < 4096:
                out += numbers(sent, 4096)
                sent += 4096
            out = out[s.send(out):]
            time.sleep(0.004)
        if time.monotonic() - heard > 3:
            sys.exit('nothing came for 3 s')
    if got < 10000:
        sys.exit('only %d numbers came' % got)

def datagrams(s):
    count = 0
    s.settimeout(2)
    while not is_over:
        question = struct.pack('!I', count)
        s.send(question)
        try:
            if s.recv(100) != question:
                sys.exit('another answer')
        except TimeoutError:
            sys.exit('question %d was not answered' % count)
        count += 1
        time.sleep(0.002)
    if count < 50:
        sys.exit('only %d questions' % count)

if role == 'listen' and kind == 'tcp':
    listener = socket.create_server((address, int(port)), family=family)
    print('ready', flush=True)
    stream(listener.accept()[0])
elif role == 'listen':
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind((address, int(port)))
    s.settimeout(0.2)
    print('ready', flush=True)
    while not is_over:
        try:
            data, who = s.recvfrom(100)
            s.sendto(data, who)
        except TimeoutError:
            pass
elif kind == 'tcp':
    stream(socket.create_connection((address, int(port)), 5))
else:
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.connect((address, int(port)))
    datagrams(s)
PYTHON

# end_of NS WORD...: one end, which is to be the process that is ended.
end_of() {
	exec ip netns exec "$1" python3 "$scratch/transfer.py" "${@:2}"
}

# begin NAME FROM TO KIND ADDRESS PORT
names=() pids=() answerers=()
begin() {
	local ready=$scratch/ready.$1
	rm -f "$ready" # of the last round
	end_of "$3" listen "$4" "$5" "$6" >"$ready" 2>"$scratch/said.$1.listen" &
	answerers+=($!)
	wait_for 5 grep -q ready "$ready" || not_ok "$1 begins"
	end_of "$2" connect "$4" "$5" "$6" 2>"$scratch/said.$1" &
	pids+=($!)
	names+=("$1")
}

begin_all() {
	names=() pids=() answerers=()
	begin "in-tcp4" peer host tcp 192.0.2.1 22
	begin "out-tcp4" host peer tcp 192.0.2.2 7000
	begin "in-udp4" peer host udp 192.0.2.1 53
	begin "out-udp4" host peer udp 192.0.2.2 7000
	begin "in-tcp6" peer host tcp fd00::1 22
	begin "out-tcp6" host peer tcp fd00::2 7000
	begin "out-udp6" host peer udp fd00::2 7000
}

# end_all WHEN: each went on to the end.
end_all() {
	local i
	for i in "${!pids[@]}"; do
		kill -TERM "${pids[i]}" 2>/dev/null
		if wait "${pids[i]}"; then
			ok "${names[i]} went on, $1"
		else
			not_ok "${names[i]} went on, $1" \
				"$(cat "$scratch/said.${names[i]}")"
		fi
	done
	# One that nobody came to does not hear a softer word.
	kill -KILL "${answerers[@]}" 2>/dev/null
	wait "${answerers[@]}" 2>/dev/null || :
}

# attach NAME OPTION...: rules of that name, while packets go by.
attach() {
	local name=$1
	shift
	check "$name rules are attached ($*)" in_ns host "$WIREWALL" apply \
		"$@" --rules "$scratch/$name.rules" \
		--rules6 "$scratch/${name}6.rules" eth0
	sleep 0.2
}

forbidden() {
	local before after
	before=$(early)
	in_ns peer bash -c 'for i in 1 2 3; do
		echo x >/dev/udp/192.0.2.1/4000; done'
	after=$(early)
	[ $((after - before)) -eq 3 ] && ok "what is forbidden dies early, $1" ||
		not_ok "what is forbidden dies early, $1" "$before, $after"
}

early() {
	in_ns host "$WIREWALL" stats --json eth0 |
		sed -n '0,/"packets"/s/.*"packets": \([0-9]*\).*/\1/p'
}

for tier in native generic; do
	begin_all
	attach server --max $tier --require $tier
	forbidden $tier
	attach other --max $tier --require $tier
	attach server --max $tier --require $tier --shadow
	attach server --max $tier --require $tier --strict-conntrack
	forbidden "$tier, strict"
	check "the program is removed" in_ns host "$WIREWALL" remove eth0
	sleep 0.2
	attach other --max $tier --require $tier
	check "everything is off" in_ns host "$WIREWALL" off
	end_all $tier
done

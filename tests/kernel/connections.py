#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Conversations of the host with a peer whose packets are written by hand.

SCENE ADDRESS        play a scene; the peer is ADDRESS, which is nobody's
                     address, so that its kernel does not answer for it
list                 names of scenes, the rules that they are for, how many
                     packets die early, what it is about

The other end are sockets of the kernel, in the network namespace `host`
(192.0.2.1 on eth0) or behind it in `lan` (10.9.0.2); the peer's frames leave by
eth0 of `peer`. What both hear is printed, and what was expected instead: it must
be the same with a program and without.
"""

import ctypes
import os
import socket
import struct
import sys
import time

HOST = "192.0.2.1"
LAN = "10.9.0.2"
HOST_MAC = b"\x02\0\0\0\x01\x01"
PEER_MAC = b"\x02\0\0\0\x01\x02"
FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16, "U": 32}
CLONE_NEWNET = 0x40000000
FAR = 1 << 30  # outside of any window
PATIENCE = 2  # seconds, for what must come
NOT_LONG = 0.2  # and what must not: a veth delivers at once
EXPIRED = 1.2  # the caller has set timeouts to 1


def enter(namespace):
    """What this process opens from now on belongs to that namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{namespace}", "rb") as file:
        if libc.setns(file.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"entering {namespace}")


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def letters(flags):
    return "".join(name for name, bit in FLAGS.items() if flags & bit)


def ipv4(proto, source, to, payload):
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64,
                         proto, 0)
    header += socket.inet_aton(source) + socket.inet_aton(to)
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] \
        + payload


def summed(proto, source, to, segment, at):
    """The segment with its checksum, which is at this place."""
    pseudo = socket.inet_aton(source) + socket.inet_aton(to) \
        + struct.pack("!HH", proto, len(segment))
    return segment[:at] + struct.pack("!H", checksum(pseudo + segment)) \
        + segment[at + 2:]


def udp(source, sport, to, dport, data=b"x"):
    datagram = struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data
    return ipv4(17, source, to, summed(17, source, to, datagram, 6))


def tcp(source, sport, to, dport, flags, seq, ack, data=b""):
    bits = sum(FLAGS[flag] for flag in flags)
    segment = struct.pack("!HHIIBBHHH", sport, dport, seq % 2**32,
                          ack % 2**32, 0x50, bits, 65000, 0, 0) + data
    return ipv4(6, source, to, summed(6, source, to, segment, 16))


def icmp_error(source, to, kind, code, quoted):
    """About a packet that came from @to."""
    message = struct.pack("!BBHI", kind, code, 0, 0) + quoted[:28]
    return ipv4(1, source, to, message[:2]
                + struct.pack("!H", checksum(message)) + message[4:])


def say(what, seen, wanted):
    print(f"{what}: {seen}")
    if seen != wanted:
        print(f"# expected {wanted}")


class Wire:
    """The peer's end of the link."""

    def __init__(self):
        enter("peer")
        self.raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                 socket.htons(0x0800))
        self.raw.bind(("eth0", 0x0800))
        self.ether = HOST_MAC + PEER_MAC + b"\x08\x00"

    def send(self, packet):
        self.raw.send(self.ether + packet)

    def hear(self, proto, me, port, patience):
        """The next IPv4 packet of the protocol to my port, or None."""
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            self.raw.settimeout(left)
            try:
                packet = self.raw.recv(70000)[14:]
            except TimeoutError:
                break
            if packet[9] == proto and packet[16:20] == socket.inet_aton(me) \
                    and struct.unpack("!H", packet[22:24])[0] == port:
                return packet
        return None


class Tcp:
    """The peer's end of a TCP connection."""

    def __init__(self, wire, me, sport, dport, to=HOST, seq=1000):
        self.wire, self.me, self.to = wire, me, to
        self.sport, self.dport = sport, dport
        self.seq, self.ack = seq, 0

    def send(self, flags, data=b"", off=0, ack_off=0):
        self.wire.send(tcp(self.me, self.sport, self.to, self.dport, flags,
                           self.seq + off, self.ack + ack_off, data))
        if not off:
            self.seq += len(data) + ("S" in flags) + ("F" in flags)

    def hear(self, wanted):
        """Flags and data of the next segment, which is believed; not what
        only acknowledges, or came before."""
        patience = NOT_LONG if wanted == "nothing" else PATIENCE
        while packet := self.wire.hear(6, self.me, self.sport, patience):
            length = struct.unpack("!H", packet[2:4])[0]
            seq, _, doff, bits = struct.unpack("!IIBB", packet[24:34])
            data = packet[20 + (doff >> 4) * 4:length]
            end = seq + len(data) + bool(bits & 3)
            if (letters(bits) == "A" != wanted and not data) or \
                    (end == self.ack and end != seq):
                continue
            self.ack = end
            return letters(bits) + (f" {data.decode()}" if data else "")
        return "nothing"

    def hears(self, wanted):
        say("the peer hears", self.hear(wanted), wanted)

    def open(self):
        self.send("S")
        self.hears("SA")
        self.send("A")


def bound(kind, address, port):
    sock = socket.socket(socket.AF_INET, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    return sock


def client(address, mine, to, port):
    """A socket that wants to connect."""
    sock = bound(socket.SOCK_STREAM, address, mine)
    sock.setblocking(False)
    sock.connect_ex((to, port))
    return sock


def listener(port, address=HOST):
    sock = bound(socket.SOCK_STREAM, address, port)
    sock.listen(5)
    sock.settimeout(PATIENCE)
    return sock


def accept(sock):
    return sock.accept()[0]


def asker(address, mine, to, port):
    """A UDP socket that has sent something to the peer."""
    sock = bound(socket.SOCK_DGRAM, address, mine)
    sock.connect((to, port))
    sock.send(b"ask")
    return sock


def receives(sock, wanted):
    """A socket of the host or the lan: data, "the end", or the error."""
    sock.settimeout(NOT_LONG if wanted == "TimeoutError" else PATIENCE)
    try:
        seen = sock.recv(100).decode() or "the end"
    except OSError as error:
        seen = type(error).__name__
    say("the socket receives", seen, wanted)


def scene_late(wire, me):
    """answers, and segments of a closed connection, after their time"""
    conversation = asker(HOST, 4001, me, 7)
    wire.send(udp(me, 7, HOST, 4001, b"in time"))
    receives(conversation, "in time")
    server = listener(22)
    closed = Tcp(wire, me, 5001, 22)
    closed.open()
    conn = accept(server)
    closed.send("R")
    receives(conn, "ConnectionResetError")
    time.sleep(EXPIRED)
    wire.send(udp(me, 7, HOST, 4001, b"too late"))
    receives(conversation, "TimeoutError")
    closed.send("A", off=1)
    closed.hears("nothing")
    # It may be asked again.
    conversation.send(b"again")
    wire.send(udp(me, 7, HOST, 4001, b"in time again"))
    receives(conversation, "in time again")


def scene_window(wire, me):
    """segments outside of the window"""
    server = listener(22)
    end = Tcp(wire, me, 5002, 22)
    end.open()
    conn = accept(server)
    end.send("PA", b"beyond", off=FAR)
    end.send("A", ack_off=FAR)
    end.send("R", off=FAR)
    end.send("PA", b"within")
    receives(conn, "within")


def scene_liberal(wire, me):
    """the same where nf_conntrack_tcp_be_liberal is set"""
    scene_window(wire, me)


def scene_handshake(wire, me):
    """a second SYN, a wrong SYN and ACK, flags that are none"""
    server = listener(22)
    end = Tcp(wire, me, 5003, 22)
    end.send("SA")
    end.hears("nothing")
    end.open()
    conn = accept(server)
    end.send("S", off=FAR)
    end.send("SA", off=FAR)
    end.send("FSRPAU", off=1)
    end.send("", off=1)
    end.send("PA", b"still there")
    receives(conn, "still there")


def scene_reopened(wire, me):
    """a SYN on an entry in TIME_WAIT, of the same and of the other side"""
    server = listener(22)
    end = Tcp(wire, me, 5004, 22)
    end.open()
    conn = accept(server)
    end.send("FA")
    receives(conn, "the end")
    conn.close()
    end.hears("FA")
    end.send("A")
    again = Tcp(wire, me, 5004, 22, seq=end.seq + 100000)
    again.open()
    again.send("PA", b"again")
    receives(accept(server), "again")
    # The host opened this one: the peer may not.
    opened = client(HOST, 4004, me, 7)
    other = Tcp(wire, me, 7, 4004)
    other.hears("S")
    other.send("SA")
    other.hears("A")
    opened.close()
    other.hears("FA")
    other.send("FA")
    other.hears("A")
    Tcp(wire, me, 7, 4004, seq=other.seq + 100000).send("S")
    other.hears("nothing")


def scene_half(wire, me):
    """data to who has closed its half, and from"""
    server = listener(22)
    end = Tcp(wire, me, 5005, 22)
    end.open()
    conn = accept(server)
    end.send("FA")
    receives(conn, "the end")
    conn.sendall(b"more")
    end.hears("PA more")
    end.send("A")
    conn.sendall(b"and more")
    end.hears("PA and more")
    end.send("A")
    conn.close()
    end.hears("FA")
    end.send("A")
    # The host's half.
    end = Tcp(wire, me, 5015, 22)
    end.open()
    conn = accept(server)
    conn.shutdown(socket.SHUT_WR)
    end.hears("FA")
    end.send("PA", b"to a half")
    receives(conn, "to a half")


def scene_reset(wire, me):
    """resets, and what comes behind them"""
    server = listener(22)
    end = Tcp(wire, me, 5006, 22)
    end.open()
    conn = accept(server)
    end.send("R")
    receives(conn, "ConnectionResetError")
    end.send("PA", b"after it")
    end.hears("R")
    end.send("R")
    stray = Tcp(wire, me, 5016, 22)
    stray.send("R")
    stray.send("RA")
    stray.hears("nothing")


def scene_errors(wire, me):
    """ICMP errors about connections, and about none"""
    conversation = asker(HOST, 4007, me, 7)
    wire.send(icmp_error(me, HOST, 3, 3, udp(HOST, 4007, me, 7, b"ask")))
    receives(conversation, "ConnectionRefusedError")
    server = listener(22)
    end = Tcp(wire, me, 5007, 22)
    end.open()
    conn = accept(server)
    theirs = tcp(HOST, 22, me, 5007, "A", end.ack, end.seq)
    wire.send(icmp_error(me, HOST, 3, 1, theirs))
    wire.send(icmp_error(me, HOST, 11, 0, theirs))
    end.send("PA", b"still there")
    receives(conn, "still there")
    for kind in (3, 4, 5, 11, 12):
        wire.send(icmp_error(me, HOST, kind, 0,
                             udp(HOST, 4017, me, 7017, b"never")))


def scene_strangers(wire, me):
    """what belongs to no connection"""
    for flags in ("S", "A", "PA", "FA", "FPU", ""):
        Tcp(wire, me, 5008, 23).send(flags)
    wire.send(udp(me, 7, HOST, 4008))


def scene_closing(wire, me):
    """a reset that the rules drop, of a connection that they know"""
    server = listener(25)
    end = Tcp(wire, me, 5009, 25)
    end.open()
    conn = accept(server)
    end.send("R")
    end.send("PA", b"as if nothing had been")
    receives(conn, "as if nothing had been")


def scene_masquerade(wire, me):
    """a connection of the lan, and what comes to its ports later"""
    lan = client(LAN, 4010, me, 7)
    end = Tcp(wire, me, 7, 4010)
    end.hears("S")
    end.send("SA")
    end.hears("A")
    end.send("PA", b"to the lan")
    receives(lan, "to the lan")
    end.send("PA", b"beyond", off=FAR)
    theirs = tcp(HOST, 4010, me, 7, "A", end.ack, end.seq)
    wire.send(icmp_error(me, HOST, 3, 1, theirs))
    end.send("PA", b"again")
    receives(lan, "again")
    conversation = asker(LAN, 4011, me, 7)
    wire.send(udp(me, 7, HOST, 4011, b"in time"))
    receives(conversation, "in time")
    time.sleep(EXPIRED)
    wire.send(udp(me, 7, HOST, 4011, b"too late"))
    receives(conversation, "TimeoutError")


def scene_forwarded(wire, me):
    """a port of the host that leads to the lan"""
    server = listener(22, LAN)
    end = Tcp(wire, me, 5011, 80)
    end.open()
    conn = accept(server)
    end.send("PA", b"to the lan")
    receives(conn, "to the lan")
    conn.sendall(b"from the lan")
    end.hears("PA from the lan")
    end.send("FA")
    receives(conn, "the end")
    conn.close()
    end.hears("FA")
    end.send("A")
    again = Tcp(wire, me, 5011, 80, seq=end.seq + 100000)
    again.open()
    again.send("PA", b"again")
    receives(accept(server), "again")
    Tcp(wire, me, 5012, 81).send("S")
    Tcp(wire, me, 5012, 23, to=LAN).send("S")


def scene_zone(wire, me):
    """conversations that are tracked in a zone of their own"""
    scene_late(wire, me)


# Whose rules they are played with, and how many packets die early.
SCENES = {
    "late": ("host", 2), "window": ("host", 0), "liberal": ("host", 0),
    "handshake": ("host", 1),
    "reopened": ("host", 0), "half": ("host", 0), "reset": ("host", 0),
    "errors": ("host", 0), "strangers": ("host", 7), "closing": ("host", 1),
    "masquerade": ("lan", 1), "forwarded": ("lan", 2),
    "zone": ("zone", 2),
}


def main():
    what, *words = sys.argv[1:]
    if what == "list":
        for name, (of, early) in SCENES.items():
            print(name, of, early, globals()["scene_" + name].__doc__)
        return
    wire = Wire()
    enter("lan" if SCENES[what][0] == "lan" else "host")
    globals()["scene_" + what](wire, *words)


if __name__ == "__main__":
    main()

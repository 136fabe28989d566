#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""flood.py DESTINATION COUNT: what reaches a public server all day.

Sends COUNT packets of each kind below, with made-up sources. Same packets in
every run.
"""

import random
import socket
import struct
import sys

# What it is, sources (first and last octet pair), protocol, port, TCP flags
FIN, SYN, PSH, URG = 0x01, 0x02, 0x08, 0x20
KINDS = [
    ("udp/53 from 10.0.0.0/8", "10.66", "udp", 53, 0),
    ("tcp/443 syn from 192.168.0.0/16", "192.168", "tcp", 443, SYN),
    ("tcp/80 syn from 100.64.0.0/10", "100.64", "tcp", 80, SYN),
    ("tcp/443 Christmas tree", "45.33", "tcp", 443, FIN | PSH | URG),
    ("tcp/22 syn+fin", "45.34", "tcp", 22, SYN | FIN),
    ("tcp/23 syn", "45.35", "tcp", 23, SYN),
    ("tcp/445 syn", "45.36", "tcp", 445, SYN),
    ("udp/1900", "45.37", "udp", 1900, 0),
    ("udp/11211", "45.38", "udp", 11211, 0),
]


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet(source, destination, protocol, port, flags):
    source, destination = map(socket.inet_aton, (source, destination))
    sport = random.randrange(1024, 65536)
    payload = b"x" * 32 if protocol == "udp" else b""
    if protocol == "udp":
        number = socket.IPPROTO_UDP
        parts = [struct.pack("!HHH", sport, port, 8 + len(payload)), payload]
    else:
        number = socket.IPPROTO_TCP
        sequence = random.getrandbits(32)
        parts = [struct.pack("!HHIIBBH", sport, port, sequence, 0, 5 << 4,
                             flags, 64240), b"\0\0"]
    length = sum(map(len, parts)) + 2
    pseudo = source + destination + struct.pack("!HH", number, length)
    filled = struct.pack("!H", checksum(pseudo + parts[0] + b"\0\0" + parts[1]))
    # The kernel fills in the IPv4 header's length and checksum.
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 0, 0, 64, number, 0)
    return header + source + destination + parts[0] + filled + parts[1]


def main():
    destination, count = sys.argv[1], int(sys.argv[2])
    random.seed(1)
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    for text, net, protocol, port, flags in KINDS:
        for _ in range(count):
            source = f"{net}.{random.randrange(256)}.{random.randrange(1, 255)}"
            raw.sendto(packet(source, destination, protocol, port, flags),
                       (destination, 0))
        print(f"  {count} x {text}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Packets for tests that measure how soon a change is felt.

send ADDRESS PORT      one UDP packet each millisecond, until killed
listen PLACE SECONDS   print "ready"; then, when one of these packets has come
                       within SECONDS, and those behind it had half a second to
                       come as well, when the first was sent behind which none
                       was lost, in microseconds of the clock, and how many were
                       lost after one had come. Status 1: none came

PLACE is a port, where what the host accepts arrives, or an interface, where
everything arrives that no XDP program dropped. It is the time of sending that
counts, so that it does not matter how long the listener waits for a processor.
"""

import socket
import struct
import sys
import time

# Letters that tell them from others, a number, when it was sent.
PACKET = struct.Struct("!4sQQ")
LETTERS = b"felt"
ETH_P_IP = 0x0800
UDP_HEADER = 8
QUIET_SECONDS = 0.5
# Waits for a listener that gets no processor: a second of packets.
QUEUE_BYTES = 4 << 20
SO_RCVBUFFORCE = 33  # <asm-generic/socket.h>


def send(address, port):
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    number = 0
    while True:
        now = time.time_ns() // 1000
        try:
            out.sendto(PACKET.pack(LETTERS, number, now), (address, int(port)))
            number += 1
        except OSError:
            pass  # the interface is elsewhere just now
        time.sleep(0.001)


def open_port(port):
    here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    here.bind(("0.0.0.0", port))
    return here


def open_interface(name):
    here = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                         socket.htons(ETH_P_IP))
    here.bind((name, ETH_P_IP))
    return here


def ours(data, has_headers):
    """Number and time of a packet, None when it is somebody else's."""
    if has_headers:
        data = data[(data[0] & 15) * 4 + UDP_HEADER:]
    if len(data) != PACKET.size or not data.startswith(LETTERS):
        return None
    return PACKET.unpack(data)[1:]


def receive(here, has_headers, end):
    """The next packet until the clock is at @end, or None."""
    while (left := end - time.monotonic()) > 0:
        here.settimeout(left)
        try:
            found = ours(here.recv(2048), has_headers)
        except TimeoutError:
            return None
        if found:
            return found
    return None


def listen(place, seconds):
    has_headers = not place.isdigit()
    here = open_interface(place) if has_headers else open_port(int(place))
    here.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, QUEUE_BYTES)
    print("ready", flush=True)
    end = time.monotonic() + float(seconds)
    found = receive(here, has_headers, end)
    if not found:
        sys.exit(1)
    number, since = found
    lost = 0
    end = time.monotonic() + QUIET_SECONDS
    while found := receive(here, has_headers, end):
        if found[0] > number + 1:
            lost += found[0] - number - 1
            since = found[1]
        number = found[0]
    print(since, lost)


def main():
    what, *words = sys.argv[1:]
    {"send": send, "listen": listen}[what](*words)


main()

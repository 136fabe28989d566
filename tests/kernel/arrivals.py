#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Packets for tests that measure how soon a change is felt.

send ADDRESS PORT    one UDP packet each millisecond, until killed
first PORT SECONDS   wait for the first packet to arrive at PORT; print when,
                     in nanoseconds of the monotonic clock; status 1: none came
now                  that clock
"""

import socket
import sys
import time


def send(address, port):
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        try:
            out.sendto(b"x", (address, int(port)))
        except OSError:
            pass  # the interface is elsewhere just now
        time.sleep(0.001)


def first(port, seconds):
    here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    here.bind(("0.0.0.0", int(port)))
    here.settimeout(float(seconds))
    try:
        here.recv(16)
    except TimeoutError:
        sys.exit(1)
    print(time.monotonic_ns())


def main():
    what, *words = sys.argv[1:]
    if what == "now":
        print(time.monotonic_ns())
    else:
        {"send": send, "first": first}[what](*words)


main()

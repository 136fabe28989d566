#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Hold an XDP program on an interface by a bpf_link, as libbpf makes it:
xdp_link.py INTERFACE. Prints the program's id and stays until it is killed."""

import ctypes
import os
import signal
import socket
import struct
import sys

BPF_PROG_LOAD, BPF_OBJ_GET_INFO_BY_FD, BPF_LINK_CREATE = 5, 15, 28
BPF_PROG_TYPE_XDP, BPF_XDP = 6, 37
SYS_BPF = 321  # x86-64

libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attr):
    buffer = ctypes.create_string_buffer(attr.ljust(128, b"\0"), 128)
    result = libc.syscall(SYS_BPF, command, buffer, 128)
    if result < 0:
        sys.exit(f"bpf({command}): {os.strerror(ctypes.get_errno())}")
    return result


def main():
    # r0 = XDP_PASS; exit
    code = ctypes.create_string_buffer(
        struct.pack("<BBhiBBhi", 0xb7, 0, 0, 2, 0x95, 0, 0, 0), 16)
    licence = ctypes.create_string_buffer(b"GPL")
    program = bpf(BPF_PROG_LOAD, struct.pack(
        "<IIQQIIQII16s", BPF_PROG_TYPE_XDP, 2, ctypes.addressof(code),
        ctypes.addressof(licence), 0, 0, 0, 0, 0, b"held_by_link"))
    bpf(BPF_LINK_CREATE, struct.pack(
        "<IIII", program, socket.if_nametoindex(sys.argv[1]), BPF_XDP, 0))
    info = ctypes.create_string_buffer(256)
    bpf(BPF_OBJ_GET_INFO_BY_FD, struct.pack(
        "<IIQ", program, 256, ctypes.addressof(info)))
    print(struct.unpack_from("<I", info, 4)[0], flush=True)
    signal.pause()


main()

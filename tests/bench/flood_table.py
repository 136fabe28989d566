#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The table of tests/bench/flood.sh, put into the README where its comment says.

    tests/bench/flood_table.py TABLE README.md
"""

import sys

BEGIN, END = "<!-- make bench-flood -->\n", "<!-- end -->\n"
KINDS = {"syn": "SYN, closed port", "udp": "UDP, dropped source"}


def markdown(lines):
    words = [line.split() for line in lines if line.strip()]
    head = lines[0].lstrip("# ").strip()
    limit = lines[1].split(";")[0].split()[-1]
    rows = [w for w in words if w[0] in KINDS]
    text = [f"{head}; Mbit/s of a transfer of {limit} Mbit/s:\n", "\n",
            "| flood | thousand packets a second | no firewall | iptables | "
            "iptables + wirewall |\n", "|---|---|---|---|---|\n"]
    for kind, rate, *figures in rows:
        if rate != "ns":
            text.append(f"| {KINDS[kind]} | {int(rate):,} | "
                        + " | ".join(figures) + " |\n")
    for kind, rate, *figures in rows:
        if rate == "ns":
            text.append(f"| {KINDS[kind]} | **processor, ns a packet** | "
                        + " | ".join(f"{int(f):,}" for f in figures) + " |\n")
    reached = lines[-1].lstrip("# ").strip()
    text += ["\n", f"{reached[0].upper()}{reached[1:]}.\n"]
    return "".join(text)


def main():
    table, path = sys.argv[1:]
    with open(table, encoding="utf-8") as file:
        text = markdown(file.readlines())
    with open(path, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN)
    after = rest.split(END, 1)[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + text + END + after)


if __name__ == "__main__":
    main()

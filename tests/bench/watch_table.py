#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The distribution of what tests/bench/watch.sh measured, in milliseconds.

    tests/bench/watch_table.py TABLE

Lines of TABLE: kind, microseconds until packets came, of these the command's.
"""

import math
import sys

LIMIT_MS = 1000


def quantile(values, share):
    """The least value that so many of them do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def row(kind, times, making):
    figures = [min(times), *(quantile(times, q) for q in (0.5, 0.9, 0.99)),
               max(times)]
    over = sum(time > LIMIT_MS for time in times)
    return (f"| {kind} | {len(times):,} | "
            + " | ".join(f"{f:.0f}" for f in figures)
            + f" | {over} | {quantile(making, 0.5):.0f} |")


def main():
    kinds = {}
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            kind, took, making = line.split()
            times = kinds.setdefault(kind.replace("_", " "), ([], []))
            times[0].append(int(took) / 1000)
            times[1].append(int(making) / 1000)
    print("| change | count | min | p50 | p90 | p99 | max | over 1 s | "
          "command |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for kind, times in kinds.items():
        print(row(kind, *times))
    if kinds:
        print(row("**all**", *(sum(lists, []) for lists
                               in zip(*kinds.values()))))


if __name__ == "__main__":
    main()

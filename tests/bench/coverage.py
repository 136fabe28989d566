#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Coverage of whole rulesets, worst first.

    tests/bench/coverage.py [--tier TIER] [--wishes "--log-sample 10 ..."] FILE...

For each file and each interface that its rules name (-i; one that no rule
names where there is none), the share of the host's drops that die early, as
`wirewall plan --json` measures it, and the reasons for the rest. Interfaces
are planned for as if they were on another machine. TIER is native (what generic
programs drop as well), hw (what a card that runs programs drops with --static)
or hw-syn (with --syn-is-new, too).
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

IN_IFACE = re.compile(r"(?<!\S)(?:-i|--in-interface)\s+(\S+)")
BINARY = os.environ.get("WIREWALL", "build/wirewall")
WAYS = ("input", "forward")
PROTOS = ("tcp", "udp", "icmp", "other")


def interfaces(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        names = set(IN_IFACE.findall(file.read()))
    names = {n.rstrip("+") + ("0" if n.endswith("+") else "") for n in names}
    return sorted(names - {"lo", ""}) or ["absent0"]


def card(iface):
    """What `wirewall caps --json` tells of a card that runs programs."""
    probe = {"link": {"name": iface, "ifindex": 1, "type": 1, "mtu": 1500,
                      "up": True},
             "driver": "nfp", "firmware": "bpf-2.0.6.124 ebpf", "trial": "hw",
             "sources": {"ethtool driver": 1, "trial load": 1}}
    kernel = {"release": "6.12.0", "version": 0x60c00, "btf": True, "jit": True,
              "frags": True, "device_check": True, "conntrack_lookup": True}
    return {"version": 1, "kind": "caps", "kernel": kernel,
            "interfaces": [{"interface": iface, "probe": probe}]}


def plan(path, iface, wishes, is_card):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        if is_card:
            json.dump(card(iface), file)
            file.flush()
            wishes = [*wishes, "--caps", file.name]
        return run([BINARY, "plan", "--json", "--rules", path, *wishes, iface])


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
    return json.loads(done.stdout)["interfaces"][0]


def percent(share):
    if not share["dropped"]:
        return "-"
    return f"{100 * share['early'] / share['dropped']:.1f}"


def card_share(measured, way, syn_is_new):
    return next(card[way] for card in measured["card"]
                if card["syn_is_new"] == syn_is_new)


def table_rows(path, wishes):
    """Per interface and way: all tiers side by side."""
    for iface in interfaces(path):
        for measured in plan(path, iface, wishes, True)["measured"]:
            for way in WAYS:
                share = measured[way]
                if share["dropped"]:
                    yield (path, iface, way, share,
                           card_share(measured, way, False),
                           card_share(measured, way, True))


def left_text(share, reasons):
    """The most frequent reasons, in per cent of what the host drops."""
    names = {}
    for left in share["left"]:
        names[left["reason"]] = names.get(left["reason"], 0) + left["packets"]
    worst = sorted(names.items(), key=lambda item: -item[1])[:reasons]
    return ", ".join(f"`{name}` {100 * packets / share['dropped']:.1f}"
                     for name, packets in worst)


def print_table(rows, reasons):
    print("| ruleset | interface, way | drops | native | hw | hw, SYN are new "
          "| left to the host by native, % |")
    print("|---|---|---|---|---|---|---|")
    for path, iface, way, share, card, syn in rows:
        cells = [os.path.basename(path), f"{iface} {way}", share["dropped"],
                 percent(share), percent(card), percent(syn["tcp"]),
                 left_text(share, reasons)]
        print("|", " | ".join(str(cell) for cell in cells), "|")


def rows_of(path, wishes, tier):
    for iface in interfaces(path):
        for measured in plan(path, iface, wishes, tier != "native")["measured"]:
            if tier != "native":
                measured = next(m for m in measured["card"]
                                if m["syn_is_new"] == (tier == "hw-syn"))
            for way in WAYS:
                share = measured[way]
                if share["dropped"]:
                    yield path, iface, way, share


def print_row(row, reasons):
    path, iface, way, share = row
    cells = [percent(share)] + [percent(share[p]) for p in PROTOS]
    print(f"{share['dropped']:6}", *(f"{c:>6}" for c in cells),
          f" {os.path.basename(path)} {iface} {way}")
    for left in share["left"][:reasons]:
        rule = left.get("rule")
        text = f" ({rule['chain']} {rule['number']}: {rule['text']})" if rule else ""
        print(f"        {left['packets']:6} {left['reason']}{text[:110]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--wishes", default="", help="options for plan")
    parser.add_argument("--tier", choices=("native", "hw", "hw-syn"),
                        default="native")
    parser.add_argument("--reasons", type=int, default=3,
                        help="how many to show for each")
    parser.add_argument("--table", action="store_true",
                        help="all tiers side by side, as docs/coverage.md")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    wishes = args.wishes.split()
    rows = [row for path in args.files
            for row in (table_rows(path, wishes) if args.table
                        else rows_of(path, wishes, args.tier))]
    rows.sort(key=lambda row: row[3]["early"] / row[3]["dropped"])
    if args.table:
        print_table(rows, args.reasons)
        return
    print(" drops  early    tcp    udp   icmp  other  ruleset, interface, way")
    for row in rows:
        print_row(row, args.reasons)
    shares = [row[3]["early"] / row[3]["dropped"] for row in rows]
    if shares:
        print(f"{len(rows)} rows, worst {100 * min(shares):.1f} %, "
              f"{sum(s >= 0.9 for s in shares)} of 90 % and more")


if __name__ == "__main__":
    main()

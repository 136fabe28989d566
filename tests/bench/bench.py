#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Cost against the number of rules, beside other ways to filter (docs/bench.md).

For each ruleset all methods stand side by side, each behind a veth pair in a
network namespace of its own. Every method first shows that it lets pass exactly
the packets that the others let pass; then they are measured in turn, round
after round, so that whatever else the machine does meets all of them.

Needs root. Everything happens in namespaces that go away again.
"""

import ipaddress
import json
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = TOP / os.environ.get("BUILD", "build")
PUMP = BUILD / "tests/bench/pump"
LOOKUP = BUILD / "tests/bench/lookup"
WIREWALL = BUILD / "wirewall"
CORPUS = pathlib.Path(os.environ.get("CORPUS", TOP / "corpus"))
QUICK = bool(os.environ.get("QUICK"))
BFCLI = os.environ.get("BFCLI")
ROUNDS = int(os.environ.get("ROUNDS", 3 if QUICK else 9))
MILLISECONDS = 15 if QUICK else 100  # of one measurement
TRACE = 16384  # packets
PREFIX = f"wwb{os.getpid()}-"
MAC = "02:00:00:00:00:01"  # tests/bench/pump.c

# Methods that look at rule after rule are not asked about more than this.
LEGACY_MAX = 10000 if QUICK else 100000
NFT_RULES_MAX = 1000 if QUICK else 10000
XDP_FILTER_MAX = 100 if QUICK else 1000  # one command for each address


class Unable(Exception):
    """Why a method is not part of a comparison."""


def run(*words, stdin=None, timeout=300):
    done = subprocess.run([str(word) for word in words], input=stdin, text=True,
                          capture_output=True, timeout=timeout)
    if done.returncode:
        raise Unable(f"{words[0]}: "
                     f"{(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


def inside(name, *words, **options):
    return run("ip", "netns", "exec", PREFIX + name, *words, **options)


# ---- rulesets

class Ruleset:
    """Rules as iptables-save text of the raw table, and as entries."""

    def __init__(self, shape, count, text, entries=None):
        self.shape, self.count, self.text = shape, count, text
        self.entries = entries  # [(source, port or None)]


def raw_table(lines):
    return "\n".join(["*raw", ":PREROUTING ACCEPT [0:0]", *lines, "COMMIT", ""])


def random_sources(rnd, count, lengths):
    """Different networks, none within another, as text."""
    taken, sources = set(), []
    while len(sources) < count:
        length = rnd.choice(lengths)
        address = rnd.randrange(1 << 24, 224 << 24)
        if address >> 24 in (10, 127) or address >> 8 in taken:
            continue
        taken.add(address >> 8)
        address = address >> (32 - length) << (32 - length)
        sources.append(f"{ipaddress.IPv4Address(address)}/{length}")
    return sources


def source_and_port(count):
    rnd = random.Random(count)
    entries = [(source, rnd.randrange(1, 65536))
               for source in random_sources(rnd, count, (24, 32))]
    return Ruleset("src+port", count, raw_table(
        f"-A PREROUTING -s {source} -p tcp -m tcp --dport {port} -j DROP"
        for source, port in entries), entries)


def addresses(count):
    rnd = random.Random(count)
    entries = [(source, None) for source in random_sources(rnd, count, (32,))]
    return Ruleset("addresses", count, raw_table(
        f"-A PREROUTING -s {source} -j DROP" for source, _ in entries), entries)


def to_raw(text):
    """A filter table's INPUT as raw PREROUTING: the same packets, no state."""
    lines = [line.replace("-A INPUT", "-A PREROUTING")
             for line in text.splitlines() if line.startswith("-A INPUT")]
    return raw_table(lines)


def classbench(name, count):
    path = CORPUS / "classbench" / f"{name}_{count}.save"
    if not path.exists():
        return None
    return Ruleset(name, count, to_raw(path.read_text()))


def dump(name):
    """A real ruleset, as far as it is without state: its own text."""
    path = CORPUS / "dumps" / name
    if not path.exists():
        return None
    plain = {"-s", "-d", "-p", "-m", "--sport", "--dport", "-j", "-A"}
    lines = []
    for line in to_raw(path.read_text(errors="replace")).splitlines()[2:-1]:
        words = line.split()
        keys = {word for word in words if word.startswith("-")}
        modules = {words[i + 1] for i, word in enumerate(words) if word == "-m"}
        if keys <= plain and modules <= {"tcp", "udp"} and words[-1] in (
                "DROP", "ACCEPT"):
            lines.append(line)
    return Ruleset("dump", len(lines), raw_table(lines)) if lines else None


def rulesets():
    ports = (1, 100, 1000) if QUICK else (1, 10, 100, 1000, 10000, 100000)
    sets = (1000,) if QUICK else (1, 10, 100, 1000, 10000, 100000)
    sizes = (1000, 10000) if QUICK else (100, 1000, 10000)
    names = ("acl1",) if QUICK else ("acl1", "fw1", "ipc1")
    yield from (source_and_port(count) for count in ports)
    yield from (addresses(count) for count in sets)
    yield from (classbench(name, count) for name in names for count in sizes)
    if not QUICK and (CORPUS / "dumps").is_dir():
        yield from (dump(path.name)
                    for path in sorted((CORPUS / "dumps").iterdir()))


# ---- methods: each sets itself up in the peer's namespace

def xdp_id(name):
    link = json.loads(inside(name, "ip", "-j", "link", "show", "p0"))[0]
    return link["xdp"]["prog"]["id"]


def set_up_drop(name, rules, work):
    inside(name, PUMP, "attach", "p0")


def set_up_wirewall(name, rules, work):
    started = time.monotonic()
    inside(name, WIREWALL, "apply", "--rules", work / "rules", "--static",
           "--require", "native", "p0")
    return {"apply_ms": round((time.monotonic() - started) * 1000)}


def set_up_parse(name, rules, work):
    (work / "none").write_text(raw_table(
        ["-A PREROUTING -s 192.0.2.255/32 -d 192.0.2.255/32 -p 253 -j DROP"]))
    inside(name, WIREWALL, "apply", "--rules", work / "none", "--static",
           "--require", "native", "p0")


def set_up_legacy(name, rules, work):
    if rules.count > LEGACY_MAX:
        raise Unable(f"more than {LEGACY_MAX} rules")
    inside(name, "iptables-legacy-restore", stdin=rules.text)


def set_up_nft_rules(name, rules, work):
    if rules.count > NFT_RULES_MAX:
        raise Unable(f"more than {NFT_RULES_MAX} rules")
    inside(name, "iptables-nft-restore", stdin=rules.text)


def need_entries(rules):
    if not rules.entries:
        raise Unable("these rules are no set")
    return rules.entries


def set_up_nft_set(name, rules, work):
    entries = need_entries(rules)
    has_port = entries[0][1] is not None
    kind = "ipv4_addr . inet_service" if has_port else "ipv4_addr"
    flags = "flags interval;" if has_port else ""
    match = "ip saddr . tcp dport" if has_port else "ip saddr"
    elements = ", ".join(
        f"{source} . {port}" if has_port else source.removesuffix("/32")
        for source, port in entries)
    inside(name, "nft", "-f", "-", stdin=f"""
table ip bench_raw {{
	set blocked {{ type {kind}; {flags} elements = {{ {elements} }} }}
	chain pre {{
		type filter hook prerouting priority raw;
		{match} @blocked drop
	}}
}}
""")


def set_up_ipset(name, rules, work):
    entries = need_entries(rules)
    has_port = entries[0][1] is not None
    kind = "hash:net,port" if has_port else "hash:ip"
    size = max(1024, 2 * len(entries))
    lines = [f"create blocked {kind} hashsize {size} maxelem {size}"]
    lines += [f"add blocked {source},tcp:{port}" if has_port else
              f"add blocked {source.removesuffix('/32')}"
              for source, port in entries]
    inside(name, "ipset", "restore", stdin="\n".join(lines) + "\n")
    inside(name, "iptables-legacy", "-t", "raw", "-A", "PREROUTING", "-m", "set",
           "--match-set", "blocked", "src,dst" if has_port else "src", "-j",
           "DROP")


def set_up_xdp_filter(name, rules, work):
    entries = need_entries(rules)
    if entries[0][1] is not None:
        raise Unable("it has no conjunctions of address and port")
    if rules.count > XDP_FILTER_MAX:
        raise Unable(f"more than {XDP_FILTER_MAX} addresses, one command each")
    inside(name, "xdp-filter", "load", "p0", "-m", "native", "-f", "ipv4")
    for source, _ in entries:
        inside(name, "xdp-filter", "ip", "-m", "src", source.removesuffix("/32"))


def set_up_bpfilter(name, rules, work):
    if not BFCLI:
        raise Unable("BFCLI names no bpfilter command")
    entries = need_entries(rules)
    index = json.loads(inside(name, "ip", "-j", "link", "show", "p0"))[0]["ifindex"]
    lines = [f"chain bench BF_HOOK_XDP{{ifindex={index}}} ACCEPT"]
    for source, port in entries:
        match = f"ip4.snet eq {{{source}}}" if not source.endswith("/32") else \
            f"ip4.saddr eq {source.removesuffix('/32')}"
        tail = f" tcp.dport eq {port}" if port is not None else ""
        lines.append(f"    rule {match}{tail} DROP")
    (work / "bpfilter").write_text("\n".join(lines) + "\n")
    inside(name, BFCLI, "chain", "set", "--from-file", work / "bpfilter")


class Method:
    def __init__(self, name, set_up, is_xdp=False, is_floor=False):
        self.name, self.set_up = name, set_up
        self.is_xdp = is_xdp      # BPF_PROG_TEST_RUN can ask it alone
        self.is_floor = is_floor  # it does not look at the rules


METHODS = [
    Method("XDP_DROP", set_up_drop, is_xdp=True, is_floor=True),
    Method("parse only", set_up_parse, is_xdp=True, is_floor=True),
    Method("wirewall", set_up_wirewall, is_xdp=True),
    Method("iptables-legacy", set_up_legacy),
    Method("iptables-nft", set_up_nft_rules),
    Method("nft set", set_up_nft_set),
    Method("ipset", set_up_ipset),
    Method("xdp-filter", set_up_xdp_filter),
    Method("bpfilter", set_up_bpfilter, is_xdp=True),
]


class Stand:
    """A method behind its veth pair: gN in the generator's namespace, p0 in
    its own."""

    def __init__(self, method, number):
        self.method, self.number = method, number
        self.name = str(number)
        self.device = f"g{number}"
        self.result = {"method": method.name}
        self.samples = {}

    def set_up(self, rules, work):
        run("ip", "netns", "add", PREFIX + self.name)
        run("ip", "-n", PREFIX + "gen", "link", "add", self.device, "type",
            "veth", "peer", "name", "p0", "netns", PREFIX + self.name)
        inside(self.name, "ip", "link", "set", "p0", "address", MAC, "up")
        inside(self.name, "ip", "link", "set", "lo", "up")
        inside(self.name, "ip", "address", "add", "10.255.255.1/24", "dev", "p0")
        inside(self.name, "ethtool", "-K", "p0", "gro", "on")
        run("ip", "-n", PREFIX + "gen", "link", "set", self.device, "up")
        self.result.update(self.method.set_up(self.name, rules, work) or {})

    def count_passing(self, trace):
        """How many packets of the trace get past it."""
        inside(self.name, "nft", "-f", "-", stdin="""
table ip bench_count {
	chain pre { type filter hook prerouting priority -150; counter; }
}
""")
        inside("gen", PUMP, "once", trace, TRACE, self.device)
        time.sleep(0.05)
        listing = json.loads(inside(self.name, "nft", "-j", "list", "table", "ip",
                                    "bench_count"))
        inside(self.name, "nft", "delete", "table", "ip", "bench_count")
        for item in listing["nftables"]:
            for expression in item.get("rule", {}).get("expr", []):
                if "counter" in expression:
                    return expression["counter"]["packets"]
        raise Unable("the counter is gone")

    def measure(self, work):
        """End to end only with packets that are dropped: what others cost is
        the host's stack."""
        def note(key, *words):
            self.samples.setdefault(key, []).append(float(run(*words)))

        generator = ("ip", "netns", "exec", PREFIX + "gen", PUMP)
        note("hot_ns", *generator, "send", work / "attack", 1, self.device,
             MILLISECONDS)
        note("random_ns", *generator, "send", work / "attack", TRACE,
             self.device, MILLISECONDS)
        if self.method.is_xdp:
            program = "drop" if self.method.name == "XDP_DROP" else \
                xdp_id(self.name)
            note("run_hot_ns", PUMP, "run", work / "trace", 1, program)
            note("run_random_ns", PUMP, "run", work / "trace", TRACE, program)


def spread(values):
    """Median, and the interval that half of the values lie in."""
    if len(values) < 4:
        return {"median": round(statistics.median(values), 1),
                "low": min(values), "high": max(values)}
    quarters = statistics.quantiles(values, n=4)
    return {"median": round(statistics.median(values), 1),
            "low": round(quarters[0], 1), "high": round(quarters[2], 1)}


def agree(stands, trace):
    """Only methods that let the same packets pass are compared."""
    counts = {}
    for stand in stands:
        if not stand.method.is_floor:
            stand.result["passing"] = stand.count_passing(trace)
            counts[stand] = stand.result["passing"]
    judge = next((stand for stand in counts
                  if stand.method.name.startswith("iptables")), None) or \
        next(stand for stand in counts if stand.method.name == "wirewall")
    for stand in list(counts):
        if counts[stand] != counts[judge]:
            print(f"  {stand.method.name} lets {counts[stand]} of {TRACE} packets "
                  f"pass, {judge.method.name} {counts[judge]}: not compared")
            if stand.method.name == "wirewall":
                raise SystemExit("wirewall differs: this is a bug")
            stand.result["left_out"] = "it lets other packets pass"
            stands.remove(stand)
    return counts[judge]


def compare(rules):
    work = pathlib.Path(tempfile.mkdtemp(prefix="wirewall-bench."))
    stands, left_out = [], []
    try:
        (work / "rules").write_text(rules.text)
        run(PUMP, "trace", work / "rules", TRACE, work / "trace", "any")
        run(PUMP, "trace", work / "rules", TRACE, work / "attack", "drops")
        run("ip", "netns", "add", PREFIX + "gen")
        for number, method in enumerate(METHODS):
            stand = Stand(method, number)
            try:
                stand.set_up(rules, work)
                stands.append(stand)
            except (Unable, FileNotFoundError) as error:
                if method.name == "wirewall":
                    raise SystemExit(f"wirewall: {error}") from error
                left_out.append({"method": method.name, "left_out": str(error)})
        passing = agree(stands, work / "trace")
        for _ in range(ROUNDS):
            for stand in stands:
                stand.measure(work)
        return finish(rules, stands, left_out, passing)
    finally:
        clean_up()
        shutil.rmtree(work, ignore_errors=True)


def finish(rules, stands, left_out, passing):
    ours = next(stand for stand in stands if stand.method.name == "wirewall")
    for stand in stands:
        for key, values in stand.samples.items():
            stand.result[key] = spread(values)
            if key in ours.samples:
                stand.result[key]["ratio"] = round(statistics.median(
                    theirs / own for theirs, own in zip(values,
                                                        ours.samples[key])), 2)
    plan = json.loads(run(WIREWALL, "plan", "--json", "--classifier", "auto",
                          "--rules", "-", "absent0", stdin=rules.text))
    return {"shape": rules.shape, "rules": rules.count, "packets": TRACE,
            "passing": passing,
            "classifiers": plan["interfaces"][0].get("classifiers"),
            "methods": [stand.result for stand in stands] + left_out}


def clean_up():
    listing = subprocess.run(["ip", "netns", "list"], capture_output=True,
                             text=True, check=False).stdout
    for line in listing.splitlines():
        name = line.split()[0]
        if name.startswith(PREFIX):
            if shutil.which("xdp-filter"):
                subprocess.run(["ip", "netns", "exec", name, "xdp-filter",
                                "unload", "--all"], capture_output=True,
                               check=False)
            subprocess.run(["ip", "netns", "del", name], check=False)


# ---- telling

def cell(result, key):
    if key not in result:
        return "-"
    value = result[key]
    return f"{value['median']:.0f} ({value['low']:.0f}-{value['high']:.0f})"


def print_case(case):
    print(f"\n{case['shape']}, {case['rules']} rules: "
          f"{case['passing']} of {case['packets']} packets pass")
    print(f"  {'METHOD':16} {'AGAIN, END TO END':>22} {'RATIO':>7} "
          f"{'RANDOM, END TO END':>24} {'RATIO':>7} {'AGAIN, RUN':>18} "
          f"{'RANDOM, RUN':>18}")
    for result in case["methods"]:
        if "left_out" in result:
            print(f"  {result['method']:16} {result['left_out']}")
            continue
        print(f"  {result['method']:16} {cell(result, 'hot_ns'):>22} "
              f"{result['hot_ns']['ratio']:>7} {cell(result, 'random_ns'):>24} "
              f"{result['random_ns']['ratio']:>7} "
              f"{cell(result, 'run_hot_ns'):>18} "
              f"{cell(result, 'run_random_ns'):>18}")


def draw(cases):
    """Cost against rules, one picture for each shape with several sizes."""
    if not shutil.which("gnuplot"):
        print("no gnuplot here (ci/deps installs it): no picture")
        return
    shapes = sorted({case["shape"] for case in cases if case["shape"] != "dump"})
    script = ["set terminal pngcairo size 1100,480*%d font ',10'" % len(shapes),
              f"set output '{BUILD}/bench.png'", "set logscale xy", "set grid",
              "set key outside right", "set xlabel 'rules'",
              "set ylabel 'ns per packet, end to end'",
              f"set multiplot layout {len(shapes)},1"]
    for number, shape in enumerate(shapes):
        blocks, plots = [], []
        for method in METHODS:
            for key, style in (("hot_ns", 1), ("random_ns", 2)):
                points = [(case["rules"], result[key])
                          for case in cases if case["shape"] == shape
                          for result in case["methods"]
                          if result["method"] == method.name and key in result]
                if not points:
                    continue
                name = f"$d{number}_{len(blocks)}"
                blocks.append(f"{name} << EOD\n" + "\n".join(
                    f"{count} {v['median']} {v['low']} {v['high']}"
                    for count, v in points) + "\nEOD")
                title = method.name + ("" if style == 1 else ", random")
                plots.append(f"{name} using 1:2:3:4 with yerrorlines "
                             f"dashtype {style} title '{title}'")
        script += [*blocks, f"set title '{shape}'", "plot " + ", ".join(plots)]
    script.append("unset multiplot")
    run("gnuplot", stdin="\n".join(script) + "\n")
    print(f"\npicture: {BUILD}/bench.png")


def measure_lookup():
    """What a program pays to ask connection tracking about a packet."""
    try:
        line = run(LOOKUP).strip()
    except Unable as error:
        print(f"connection tracking is not measured: {error}")
        return None
    print(line)
    without, asking, lookup = (int(text) for text in re.findall(r"(-?\d+) ns",
                                                                line))
    return {"without_ns": without, "asking_ns": asking, "lookup_ns": lookup}


def main():
    if os.geteuid():
        sys.exit("bench: namespaces and BPF need root")
    cases, lookup = [], None
    try:
        lookup = measure_lookup()
        for rules in rulesets():
            if rules:
                cases.append(compare(rules))
                print_case(cases[-1])
                sys.stdout.flush()
    finally:
        clean_up()
        document = {"version": 1, "kind": "bench", "kernel": os.uname().release,
                    "processors": os.cpu_count(), "rounds": ROUNDS,
                    "quick": QUICK, "conntrack": lookup, "cases": cases}
        (BUILD / "bench.json").write_text(json.dumps(document, indent=2) + "\n")
    if cases:
        draw(cases)
    print(f"figures: {BUILD}/bench.json")


if __name__ == "__main__":
    main()

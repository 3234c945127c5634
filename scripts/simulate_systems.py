#!/usr/bin/env python3
"""Simulates systems of different nature, with faults of known kinds, to judge a setting on more than one log.

    python3 scripts/simulate_systems.py --out systems

None of them exists; they differ in what makes a session odd:

    service   requests of 10 to 40 events with steps that run side by side; seven faults, large and tiny: retries, missing and
              swapped steps, new events, a cut end
    traces    system calls: hundreds of events a session, few types; six intrusions that differ from normal programs and from each
              other mainly in which call follows which
    machine   windows of 20 events of a machine's interleaved stream; four faults, bursts of one to ten events
    jobs      a few dozen long sessions (200 to 900 events); three faults that share most of their error events and differ in their mix
    cluster   fifteen normal sessions to learn from, of 200 to 3,000 events of some 200 types from tasks that interleave; three faults
              of the machinery below, which share most of their events: retries, timeouts and failed tasks at random places
    catalogue 300 types of event, many of them rare in normal sessions too; ten faults

Each folder holds train_normal.seq, mixed.seq (anomalous sessions to learn kinds from, unlabelled), test_normal.seq and truth.csv
(id,kind, for scoring only), and for each --share unlabelled_SHARE.seq: the sessions of train_normal.seq and so many anomalous ones
that these are that share of all. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import pathlib
import random
from typing import Callable, Dict, List, Tuple

Events = List[int]
Maker = Callable[[random.Random], Events]


class System:
    """A way to make normal sessions, and one for each kind of fault with the number of its sessions."""

    def __init__(self, normal: Maker, faults: Dict[str, Tuple[int, Maker]], train: int, test: int):
        self.normal, self.faults, self.train, self.test = normal, faults, train, test


def shuffle_together(generator: random.Random, *parts: Events) -> Events:
    """The parts' events mixed at random, each part in its order."""
    picks = [index for index, part in enumerate(parts) for _ in part]
    generator.shuffle(picks)
    rest = [iter(part) for part in parts]
    return [next(rest[index]) for index in picks]


def insert(events: Events, at: int, part: Events) -> Events:
    return events[:at] + part + events[at:]


def service(_: random.Random) -> System:
    def normal(g: random.Random) -> Events:
        events = [1, 2] + shuffle_together(g, [3, 4, 5], [6, 7] * g.choice([1, 1, 2]), [8] * g.randint(0, 3))
        if g.random() < 0.4:
            events += [9, 10, 11]
        if g.random() < 0.05:
            events += [12, 13]
        for _ in range(g.randint(1, 4)):
            events += shuffle_together(g, [14, 15], [16])
        if g.random() < 0.01:
            events += [17] * g.randint(1, 3)
        return events + [18, 19, 20]

    def at(events: Events, event: int) -> int:
        return events.index(event)

    def retry(g):
        events = normal(g)
        return insert(events, at(events, 14), [21, 22] * g.randint(2, 6))[:-2] + [23, 20]

    def missing(g):
        return [event for event in normal(g) if event not in (4, 5)]

    def swapped(g):
        events = [event for event in normal(g) if event not in (18, 19)]
        return insert(events, at(events, 3), [18, 19])

    def cut(g):
        events = normal(g)
        return events[: at(events, 14) + g.randint(1, 2)] + [24]

    def storm(g):
        events = normal(g)
        return insert(events, at(events, 6), [6, 7] * g.randint(4, 9))

    def corrupt(g):
        events = normal(g)
        return insert(events, at(events, 15), [25] + [26] * g.randint(1, 3) + [27]) + [28] * g.randint(0, 2)

    def refused(g):
        return [1, 2, 25, 29] + [30] * g.randint(1, 2) + [20]

    return System(normal, {
        "retry": (300, retry), "missing": (120, missing), "swapped": (60, swapped), "cut": (200, cut), "storm": (40, storm),
        "corrupt": (25, corrupt), "refused": (150, refused)}, 1500, 600)


def chain(g: random.Random, calls: List[int], followers: int) -> Dict[int, Tuple[List[int], List[float]]]:
    """A random Markov chain over some calls, each with a few followers."""
    table = {}
    for call in calls:
        after = g.sample(calls, min(followers, len(calls)))
        table[call] = (after, [g.paretovariate(0.9) for _ in after])
    return table


def walk(g: random.Random, table, length: int, start: int) -> Events:
    events = [start]
    while len(events) < length:
        after, weights = table[events[-1]]
        events.append(g.choices(after, weights)[0])
    return events


def traces(world: random.Random) -> System:
    common = list(range(1, 31))
    programs = []
    for _ in range(8):
        calls = world.sample(common, 14) + world.sample(range(31, 61), 3)
        programs.append((chain(world, calls, 4), calls))

    def program(g, index=None, low=80, high=500):
        table, calls = programs[g.choices(range(8), [8, 5, 5, 3, 3, 2, 1, 1])[0] if index is None else index]
        return walk(g, table, int(low * (high / low) ** g.random()), calls[g.randrange(3)])

    def intrusion(own_calls: List[int], share: float, hosts: List[int], followers: int = 3) -> Maker:
        table = chain(world, own_calls, followers)

        def make(g):
            events = program(g, g.choice(hosts))
            bursts = max(1, int(len(events) * share / 30))
            for _ in range(bursts):
                events = insert(events, g.randrange(len(events)), walk(g, table, g.randint(15, 45), g.choice(own_calls)))
            return events
        return make

    return System(program, {
        "user_added": (91, intrusion(world.sample(common, 8) + [61], 0.4, [0, 1])),
        "ftp_guessing": (162, intrusion(world.sample(common, 7), 0.9, [2, 3])),
        "ssh_guessing": (176, intrusion(world.sample(common, 7) + [44], 0.9, [2, 4])),
        "java_shell": (124, intrusion(world.sample(common, 12) + [50, 62, 63], 0.7, [5])),
        "shell": (75, intrusion(world.sample(common, 9), 0.3, [0, 5, 6])),
        "web_shell": (118, intrusion(world.sample(common, 10) + [58], 0.5, [1, 7])),
    }, 800, 800)


def machine(_: random.Random) -> System:
    def normal(g):
        sources = []
        for _ in range(g.randint(2, 4)):
            start = g.choices([1, 5, 9, 13, 17, 21], [30, 20, 10, 8, 4, 1])[0]
            sources.append([start, start + 1, start + 2, start + 2, start + 3][: g.randint(3, 5)] * 2)
        return (shuffle_together(g, *sources) + [g.randint(30, 45) if g.random() < 0.15 else 1 for _ in range(20)])[:20]

    def burst(events: Events, low: int, high: int) -> Maker:
        def make(g):
            base = normal(g)
            size = g.randint(low, high)
            at = g.randrange(20 - min(size, 19))
            return (base[:at] + [g.choice(events) for _ in range(size)] + base[at:])[:20]
        return make

    return System(normal, {
        "memory": (400, burst([50, 51, 51], 2, 10)), "network": (150, burst([52, 53, 54, 40], 2, 6)),
        "disk": (60, burst([55, 50], 1, 3)), "kernel": (250, burst([56, 57, 58, 59], 3, 12)),
    }, 2500, 1000)


def jobs(_: random.Random) -> System:
    def normal(g):
        events = [1, 2, 3, 4]
        for _ in range(g.randint(10, 60)):
            task = [5, 6, 7] + [8] * g.randint(1, 4) + [9] + ([g.randint(20, 34)] if g.random() < 0.08 else []) + [10]
            other = [11, 12] * g.randint(0, 3)
            events += shuffle_together(g, task, other)
        if g.random() < 0.3:
            events = insert(events, g.randrange(10, len(events)), [40] * g.randint(1, 3))
        return events + [13, 14, 15]

    def fault(mix: Dict[int, float], low: int, high: int, ends: bool) -> Maker:
        def make(g):
            events = normal(g)
            for _ in range(g.randint(1, 3)):
                at = g.randrange(10, len(events) - 3)
                events = insert(events, at, g.choices(list(mix), list(mix.values()), k=g.randint(low, high)))
            return events if ends else events[: g.randrange(len(events) // 2, len(events))]
        return make

    return System(normal, {
        "machine_down": (28, fault({40: 6, 50: 3, 51: 1, 52: 1}, 6, 40, False)),
        "network_cut": (14, fault({40: 2, 50: 6, 53: 3, 52: 0.5}, 6, 30, True)),
        "disk_full": (18, fault({54: 4, 55: 2, 52: 1, 40: 0.3}, 4, 20, True)),
    }, 36, 40)


def cluster(world: random.Random) -> System:
    stages = [[world.randint(1, 150) for _ in range(world.randint(5, 14))] for _ in range(24)]
    odd = list(range(151, 191))

    def task(g: random.Random, plan: List[int]) -> Events:
        events: Events = []
        for stage in plan:
            for event in stages[stage]:
                events += [event] * (1 if g.random() < 0.85 else g.randint(2, 4))
            if g.random() < 0.1:
                events.append(g.choice(odd))
        return events

    programs = [world.sample(range(24), world.randint(4, 8)) for _ in range(2)]

    def normal(g: random.Random) -> Events:
        plan = programs[g.randrange(2)]
        tasks = [task(g, plan) for _ in range(int(4 * 10 ** g.random()))]
        events: Events = [191, 192]
        while tasks:
            width = min(len(tasks), g.randint(2, 4))
            events += shuffle_together(g, *tasks[:width])
            tasks = tasks[width:]
        if g.random() < 0.4:
            events = insert(events, g.randrange(len(events)), [193, 194] * g.randint(1, 2))
        return events + [195, 196]

    def fault(mix: Dict[int, float], once: Events, low: int, high: int) -> Maker:
        def make(g: random.Random) -> Events:
            events = normal(g)
            for _ in range(g.randint(1, 4)):
                burst = g.choices(list(mix), list(mix.values()), k=g.randint(low, high))
                at = g.randrange(2, len(events) - 2)
                width = min(len(events) - at, 3 * len(burst))
                events = events[:at] + shuffle_together(g, events[at : at + width], burst) + events[at + width :]
            return events + once if g.random() < 0.7 else events[: -g.randint(2, 20)]
        return make

    return System(normal, {
        "machine_down": (22, fault({193: 5, 201: 4, 202: 3, 203: 1, 204: 1, 151: 2}, [206], 6, 60)),
        "network_cut": (10, fault({193: 4, 201: 5, 202: 1, 205: 2, 194: 2, 152: 2}, [206], 6, 40)),
        "disk_full": (12, fault({207: 3, 208: 2, 203: 2, 204: 2, 193: 1}, [206], 4, 30)),
    }, 15, 20)


def catalogue(world: random.Random) -> System:
    flows = [[world.randint(1, 220) for _ in range(world.randint(4, 9))] for _ in range(40)]
    popularity = [1 / (1 + index) for index in range(40)]

    def normal(g):
        events: Events = []
        for _ in range(g.randint(2, 5)):
            flow = g.choices(flows, popularity)[0]
            events += flow if g.random() < 0.9 else shuffle_together(g, flow, [g.randint(221, 260)])
        return events

    def fault(index: int) -> Maker:
        own = [261 + 4 * index + offset for offset in range(world.randint(1, 3))]
        known = [world.randint(1, 220) for _ in range(2)]
        shared = 300 if index % 3 == 0 else None
        kept = world.choice([True, False])

        def make(g):
            events = normal(g)
            at = g.randrange(len(events) + 1)
            part = [g.choice(own + known) for _ in range(g.randint(1, 4))] + [own[0]] + ([shared] if shared else [])
            return events[:at] + part + (events[at:] if kept else [])
        return make

    sizes = [400, 250, 120, 100, 80, 60, 40, 20, 10, 5]
    return System(normal, {f"fault_{index}": (size, fault(index)) for index, size in enumerate(sizes)}, 2500, 1000)


SYSTEMS = {"service": service, "traces": traces, "machine": machine, "jobs": jobs, "cluster": cluster, "catalogue": catalogue}


def write(folder: pathlib.Path, system: System, seed: int, shares: List[float]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    generator = random.Random(seed)
    truth: List[Tuple[str, str]] = []

    def sessions(name: str, count: int, maker: Maker, kind: str) -> List[str]:
        lines = []
        for number in range(count):
            identifier = f"{name}{number}"
            truth.append((identifier, kind))
            lines.append(f"{identifier},{' '.join(map(str, maker(generator)))}\n")
        return lines

    train = sessions("train", system.train, system.normal, "normal")
    test = sessions("test", system.test, system.normal, "normal")
    mixed = [line for kind, (count, maker) in system.faults.items() for line in sessions(kind, count, maker, kind)]
    generator.shuffle(mixed)
    for name, lines in (("train_normal", train), ("test_normal", test), ("mixed", mixed)):
        (folder / f"{name}.seq").write_text("".join(lines), encoding="utf-8")
    for share in shares:
        count = round(share * len(train) / (1 - share))
        if count > len(mixed):
            raise SystemExit(f"{folder.name}: a share of {share:g} needs {count} anomalous sessions; there are {len(mixed)}. Ask for a smaller one.")
        unlabelled = train + mixed[:count]
        random.Random(seed).shuffle(unlabelled)
        (folder / f"unlabelled_{share:g}.seq").write_text("".join(unlabelled), encoding="utf-8")
    (folder / "truth.csv").write_text("id,kind\n" + "".join(f"{a},{b}\n" for a, b in truth), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder to write to")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, action="append", default=[], help="write unlabelled input too of which this share is anomalous")
    options = parser.parse_args()
    if not all(0 < share < 1 for share in options.share):
        parser.error("--share lies between 0 and 1")
    for name, make in SYSTEMS.items():
        write(options.out / name, make(random.Random(1000 + options.seed)), options.seed, options.share)


if __name__ == "__main__":
    main()

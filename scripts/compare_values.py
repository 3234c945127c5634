#!/usr/bin/env python3
"""Measures what the values of parameters would add to detection: values that no clean session shows, as a sign beside the model's verdict.

    PYTHONPATH=bindings/python python3 scripts/compare_values.py --corpus examples/corpus --out values [--samples loghub2k] [--hdfs HDFS_20000.log]

For every log with a truth the clean part is learned from, and of the mixed part the sessions that begin in its first half, unlabelled; those
that begin in the second half are scored. Read are the corpus as it is, the corpus without the lines whose event the clean log never shows
(faults that are left show in known lines only), the access lines of both nginx logs alone, and a simulated service whose faults show in a
host or a status only. Of a slot (a parameter of a template) with at most 64 values in clean sessions a value that none of them shows is a
sign. Slots are taken by how seldom clean sessions bring a value of their own, until a share of these sessions is spent, by one of three rules:

    each      a value is a session's own if no other clean session shows it
    blocks    a value is its own if it occurs in one quarter of the clean sessions only, in the order of the log
    watched   blocks, and only slots that bring new values to few of the unlabelled sessions

The next column has the model alone again, with a file of templates that names HTTP's error statuses (access lines only); the last one what
kinds would come of new values (by blocks): the adjusted Rand index with the true kinds of the faulty sessions that show one, if sessions
were one kind that show new values in the same slots, and if they had to show the same values.

Logs without a truth (samples, HDFS) are learned by their first half; alarms are counted in the second. Needs numpy (compare_weights.py does).
"""

from __future__ import annotations

import argparse
import collections
import csv
import gzip
import json
import pathlib
import random
import re
import subprocess
from typing import Dict, Iterator, List, NamedTuple, Optional, Set, Tuple

from birchlog import Miner
from compare_weights import adjusted_rand_index

KEYS = {
    "postgresql": r"\] ([0-9a-f]{8}\.[0-9a-f]+)",
    "nginx_requests": r"\*\d+",
    "nginx_workers": r"^nginx-\d+  \| .{18}",
    "redis": r"^redis-\d+  \| .{18}",
}
RULES = ["each", "blocks", "watched"]
LARGEST_SLOT = 64
SPENT_SHARE = 0.0025
WATCHED_SHARE = 0.2
ERROR_STATUSES = [400, 401, 403, 404, 405, 408, 413, 414, 429, 499, 500, 502, 503, 504, 505]

Slot = Tuple[int, int]


class Session:
    def __init__(self) -> None:
        self.events: Set[int] = set()
        self.values: Set[Tuple[Slot, str]] = set()


Sessions = Dict[str, Session]


class Line(NamedTuple):
    text: str
    sessions: List[str]
    event: int
    values: List[str]


def read_lines(path: pathlib.Path) -> List[str]:
    with gzip.open(path, "rt", encoding="utf8", errors="replace") if path.suffix == ".gz" else open(path, encoding="utf8", errors="replace") as file:
        return file.read().split("\n")


def parsed(miner: Miner, path: pathlib.Path, key: str) -> Iterator[Line]:
    expression = re.compile(key)
    lines = read_lines(path)
    for record in miner.parse_file(str(path)):
        text = lines[record["line"] - 1]
        keys = [found.group(found.re.groups and 1) for found in expression.finditer(text)]
        yield Line(text, list(dict.fromkeys(keys)), record["event"], [parameter["value"] for parameter in record["parameters"]])


def gather(lines: List[Line]) -> Sessions:
    sessions: Sessions = {}
    for line in lines:
        for key in line.sessions if line.event else []:
            session = sessions.setdefault(key, Session())
            session.events.add(line.event)
            session.values.update(((line.event, place), value) for place, value in enumerate(line.values))
    return sessions


class KnownValues:
    """The values of clean sessions, and the slots where a new one is a sign."""

    def __init__(self, clean: List[Session], blocks: int, unlabelled: List[Session]):
        self.values: Dict[Slot, Dict[str, Set[int]]] = collections.defaultdict(lambda: collections.defaultdict(set))
        for index, session in enumerate(clean):
            for slot, value in session.values:
                self.values[slot][value].add(index * blocks // len(clean))
        own: Dict[Slot, Set[int]] = collections.defaultdict(set)
        for index, session in enumerate(clean):
            for slot, value in session.values:
                if len(self.values[slot][value]) == 1:
                    own[slot].add(index)
        self.slots: Set[Slot] = set()
        spent: Set[int] = set()
        for slot in sorted((slot for slot, values in self.values.items() if len(values) <= LARGEST_SLOT), key=lambda slot: len(own[slot])):
            if len(spent | own[slot]) > SPENT_SHARE * len(clean):
                break
            spent |= own[slot]
            self.slots.add(slot)
        self._drop_drifting(unlabelled)

    def _drop_drifting(self, unlabelled: List[Session]) -> None:
        """A slot that brings new values to more than a fifth of the unlabelled sessions that have it tells of time, not of faults."""
        present: Dict[Slot, int] = collections.Counter(slot for session in unlabelled for slot in {slot for slot, _ in session.values})
        bring_new: Dict[Slot, int] = collections.Counter(slot for session in unlabelled for slot in {slot for slot, _ in self.new_in(session)})
        self.slots = {slot for slot in self.slots if bring_new[slot] <= WATCHED_SHARE * present[slot]}

    def new_in(self, session: Session) -> List[Tuple[Slot, str]]:
        return [(slot, value) for slot, value in session.values if slot in self.slots and value not in self.values[slot]]


def known_values(rule: str, clean: Sessions, unlabelled: Sessions) -> KnownValues:
    sessions = list(clean.values())
    return KnownValues(sessions, len(sessions) if rule == "each" else 4, list(unlabelled.values()) if rule == "watched" else [])


class Log:
    """A clean log, a mixed one and the kinds of the latter's sessions."""

    def __init__(self, name: str, key: str, clean: List[str], mixed: List[str], truth: Dict[str, str], out: pathlib.Path):
        self.name, self.key, self.truth = name, key, truth
        expression = re.compile(key)
        first = {}
        for number, line in enumerate(mixed):
            found = expression.search(line)
            if found:
                first.setdefault(found.group(found.re.groups and 1), number)
        scored = {session for session, number in first.items() if number >= len(mixed) / 2}

        def is_scored(line: str) -> bool:
            found = expression.search(line)
            return bool(found) and found.group(found.re.groups and 1) in scored

        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.clean, self.unlabelled, self.scored = (folder / file for file in ("clean.log", "unlabelled.log", "scored.log"))
        self.clean.write_text("\n".join(clean) + "\n", encoding="utf8")
        self.unlabelled.write_text("".join(line + "\n" for line in mixed if not is_scored(line)), encoding="utf8")
        self.scored.write_text("".join(line + "\n" for line in mixed if is_scored(line)), encoding="utf8")

    def alarms(self, command: str, templates: Optional[pathlib.Path] = None) -> Set[str]:
        """The sessions to score that a model of events calls anomalous."""
        model = self.folder / ("named.birchlog" if templates else "model.birchlog")
        options = ["--session", self.key, "--option", "hidden_size=32", "--threads", "1"] + (["--option", f"templates={templates}"] if templates else [])
        if not model.exists():
            subprocess.run([command, "train", "--normal", str(self.clean), str(self.unlabelled), *options, "-o", str(model)], check=True, capture_output=True)
        findings = subprocess.run([command, "classify", "-m", str(model), "--json", str(self.scored)], check=True, capture_output=True, text=True)
        return {finding["session"] for finding in map(json.loads, findings.stdout.splitlines()) if finding["anomalous"]}

    def alarms_with_statuses(self, command: str) -> Set[str]:
        templates = self.folder / "statuses.txt"
        templates.write_text("".join(f'<*>" {status} <*>\n' for status in ERROR_STATUSES), encoding="utf8")
        return self.alarms(command, templates)

    def agreement(self, known: KnownValues, faulty: Sessions) -> str:
        new = {name: known.new_in(session) for name, session in faulty.items()}
        shown = [name for name, values in new.items() if values]
        if len(shown) < 2:
            return ""
        kinds = [self.truth[name] for name in shown]
        slots = adjusted_rand_index(kinds, [str(sorted({slot for slot, _ in new[name]})) for name in shown])
        values = adjusted_rand_index(kinds, [str(sorted(new[name])) for name in shown])
        return f"{slots:.2f}, {values:.2f}"

    def row(self, command: str) -> str:
        miner = Miner()
        for file in (self.clean, self.unlabelled):
            miner.learn_file(file)
        miner.finish()
        clean, unlabelled, scored = (gather(list(parsed(miner, file, self.key))) for file in (self.clean, self.unlabelled, self.scored))
        normal = {session for session in scored if self.truth.get(session) == "normal"}
        faulty = {session for session in scored if self.truth.get(session, "normal") != "normal"}
        by_events = self.alarms(command)
        cells = [f"{len(normal)}, {len(faulty)}"]
        known = [known_values(rule, clean, unlabelled) for rule in RULES]
        by_values = [{session for session in scored if rule.new_in(scored[session])} for rule in known]
        named = [self.alarms_with_statuses(command)] if self.name.endswith("access lines") else []
        for alarms in [by_events, *(by_events | alarms for alarms in by_values), *named]:
            cells.append(f"{len(alarms & normal) / len(normal):.1%}, {len(alarms & faulty) / len(faulty):.3f}")
        cells += [""] * (1 - len(named)) + [self.agreement(known[RULES.index("blocks")], {session: scored[session] for session in faulty})]
        return f"| {self.name} | " + " | ".join(cells) + " |"


def corpus_logs(corpus: pathlib.Path, out: pathlib.Path) -> Iterator[Log]:
    for name, key in KEYS.items():
        clean_path, mixed_path = corpus / name / "normal.log.gz", corpus / name / "mixed.log.gz"
        truth = {row["id"]: row["kind"] for row in csv.DictReader(open(corpus / name / "truth.csv", encoding="utf8"))}
        clean, mixed = read_lines(clean_path), read_lines(mixed_path)
        yield Log(name, key, clean, mixed, truth, out)
        miner = Miner()
        miner.learn_file(clean_path)
        miner.learn_file(mixed_path)
        miner.finish()
        known = {line.event for line in parsed(miner, clean_path, key)}
        yield Log(name + ", known lines", key, clean, [line.text for line in parsed(miner, mixed_path, key) if line.event in known], truth, out)
        if name.startswith("nginx"):
            access = re.compile(r"\[access\]| - - \[")
            yield Log(name + ", access lines", key, *([line for line in lines if access.search(line)] for lines in (clean, mixed)), truth, out)


def simulated_log(out: pathlib.Path) -> Log:
    """Requests to eight hosts; faults are a ninth host or a status 503 in lines that are otherwise as always."""
    generator = random.Random(1)
    truth: Dict[str, str] = {}

    def lines(first: int, count: int, faults: List[str]) -> List[str]:
        text = []
        for number in range(first, first + count):
            fault = faults[number % len(faults)] if faults and generator.random() < 0.15 else "normal"
            session = f"req-{number:06d}"
            truth[session] = fault
            host = "db-backup-3" if fault == "other_host" else f"db-{generator.randint(1, 8)}"
            status = 503 if fault == "other_status" else generator.choice([200] * 30 + [204] * 5 + [404])
            second = number // 4
            time = f"2026-03-02 {10 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
            text.append(f"{time} INFO {session} request for user {generator.randint(1000, 99999)} accepted")
            for _ in range(generator.randint(1, 3)):
                text.append(f"{time} INFO {session} query on host {host} took {generator.randint(1, 400)} ms")
            text.append(f"{time} INFO {session} answered with status {status} in {generator.randint(2, 900)} ms")
        return text

    return Log("simulated service", r"req-\d+", lines(0, 3000, []), lines(3000, 3000, ["other_host", "other_status"]), truth, out)


def share_of_alarms(name: str, path: pathlib.Path, key: str) -> str:
    """Of a log without a truth: sessions of the second half that bring a new value; windows of 20 lines where there is no key."""
    miner = Miner()
    miner.learn_file(path)
    miner.finish()
    lines = list(parsed(miner, path, key or "$"))
    if not key:
        lines = [line._replace(sessions=[str(number // 20)]) for number, line in enumerate(lines)]
    sessions = gather(lines)
    names = list(sessions)
    clean, later = ({session: sessions[session] for session in part} for part in (names[: len(names) // 2], names[len(names) // 2 :]))
    events = {event for session in clean.values() for event in session.events}
    shares = [sum(not session.events <= events for session in later.values()) / len(later)]
    for rule in RULES[:2]:
        known = known_values(rule, clean, {})
        shares.append(sum(bool(known.new_in(session)) for session in later.values()) / len(later))
    return f"| {name} | {len(clean)}, {len(later)} | " + " | ".join(f"{share:.1%}" for share in shares) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--birchlog", default="birchlog", help="the command")
    parser.add_argument("--corpus", type=pathlib.Path, required=True, help="the folder examples/corpus")
    parser.add_argument("--samples", type=pathlib.Path, help="a folder of raw lines, SYSTEM_2k.log each")
    parser.add_argument("--hdfs", type=pathlib.Path, help="raw lines of HDFS")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()

    print("| log | scored: normal, faulty | events alone: false positives, recall | " + " | ".join(RULES) + " | statuses named | kinds by slots, by values |\n| --- |" + " ---: |" * 7)
    for log in [*corpus_logs(arguments.corpus, arguments.out), simulated_log(arguments.out)]:
        print(log.row(arguments.birchlog), flush=True)
    print("\n| log without a truth | sessions or windows: first half, second | new event | " + " | ".join(RULES[:2]) + " |\n| --- |" + " ---: |" * 4)
    if arguments.hdfs:
        print(share_of_alarms("HDFS, sessions", arguments.hdfs, r"blk_-?\d+"))
    for path in sorted(arguments.samples.glob("*_2k.log")) if arguments.samples else []:
        print(share_of_alarms(path.name.removesuffix("_2k.log"), path, ""))


if __name__ == "__main__":
    main()

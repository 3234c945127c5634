#!/usr/bin/env python3
"""Leaves each true kind out of training in turn: are its sessions called unknown, or forced into a wrong kind?

    python3 scripts/leave_one_kind_out.py --normal splits/train_normal.seq --known splits/abnormal_known.seq \\
        --held-out splits/abnormal_held_out.seq --truth splits/truth.csv --out runs

Training sees clean sessions and the unlabelled ones of `--known`, without the kind. Then distinct sequences are classified: all of the kind that was
left out, and those of other kinds in `--held-out`, which training never saw either. One is the less known the lower its confidence is, and
least where it is called unknown. AUROC: the chance that a sequence of the missing kind is less known than one of the others.

The first line leaves nothing out and gives the classifier's macro-F1 on the held-out distinct sequences, every found kind read as its majority there.
"""

from __future__ import annotations

import argparse
import collections
import csv
import json
import pathlib
import statistics
import subprocess
from typing import Dict, List, Optional, Tuple

Session = Tuple[str, str]


def sessions_of(path: str) -> List[Session]:
    with open(path, encoding="utf-8") as file:
        return [(name, events) for name, _, events in (line.strip().partition(",") for line in file) if events]


def distinct(sessions: List[Session]) -> List[Session]:
    """The first session of each sequence of events."""
    first: Dict[str, Session] = {}
    for session in sessions:
        first.setdefault(session[1], session)
    return list(first.values())


def write(path: pathlib.Path, sessions: List[Session]) -> str:
    path.write_text("".join(f"{name},{events}\n" for name, events in sessions), encoding="utf-8")
    return str(path)


def area(odd: List[float], usual: List[float]) -> float:
    wins = sum((a > b) + 0.5 * (a == b) for a in odd for b in usual)
    return wins / (len(odd) * len(usual))


def macro_f1(pairs: List[Tuple[str, str]]) -> float:
    table = collections.Counter(pairs)
    found = {kind for _, kind in pairs}
    majority = {kind: max(sorted({true for true, _ in pairs}), key=lambda true: table[true, kind]) for kind in found}
    scores = []
    for true in sorted({true for true, _ in pairs}):
        hit = sum(1 for a, b in pairs if a == true and majority[b] == true)
        wrong = sum(1 for a, b in pairs if (a == true) != (majority[b] == true))
        scores.append(2 * hit / (2 * hit + wrong) if hit else 0.0)
    return statistics.mean(scores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--birchlog", default="birchlog", help="the command")
    parser.add_argument("--normal", required=True)
    parser.add_argument("--known", required=True)
    parser.add_argument("--held-out", required=True)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--smallest", type=int, default=5, help="kinds of fewer distinct sequences are not left out (5)")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with open(arguments.truth, encoding="utf-8", newline="") as file:
        truth = {row[0]: row[1] for row in list(csv.reader(file))[1:]}
    known, held = sessions_of(arguments.known), distinct(sessions_of(arguments.held_out))

    def verdicts(without: Optional[str]) -> List[Tuple[Session, dict]]:
        name = without or "nothing"
        model = arguments.out / f"without-{name}.birchlog"
        part = write(arguments.out / f"known-{name}.seq", [session for session in known if truth[session[0]] != without])
        if not model.exists():
            subprocess.run([arguments.birchlog, "train", "--normal", arguments.normal, part, "-o", str(model)], check=True, capture_output=True)
        missing = [session for session in known if truth[session[0]] == without]
        asked = distinct(held + missing)
        path = write(arguments.out / f"asked-{name}.seq", asked)
        output = subprocess.run([arguments.birchlog, "classify", "-m", str(model), "--json", path], check=True, capture_output=True, text=True).stdout
        findings = {finding["session"]: finding for finding in map(json.loads, output.splitlines())}
        return [(session, findings[session[0]]) for session in asked]

    whole = verdicts(None)
    print(f"nothing left out: macro-F1 by majority {macro_f1([(truth[session[0]], finding['kind']) for session, finding in whole]):.3f} on {len(whole)} held-out distinct sequences\n")
    print("| left out | its sequences | called unknown | called normal | of the others called unknown | AUROC |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    areas = []
    sizes = collections.Counter(truth[session[0]] for session in distinct(known + held))
    for kind in sorted(kind for kind, size in sizes.items() if size >= arguments.smallest):
        odd: List[dict] = []
        usual: List[dict] = []
        for session, finding in verdicts(kind):
            (odd if truth[session[0]] == kind else usual).append(finding)

        def strangeness(finding: dict) -> float:
            return (finding["kind"] == "unknown") + 1 - finding["confidence"] if finding["anomalous"] else -1

        areas.append(area(list(map(strangeness, odd)), list(map(strangeness, usual))))

        def share(findings: List[dict], kind: str) -> float:
            return sum(finding["kind"] == kind for finding in findings) / len(findings)

        missed = sum(not finding["anomalous"] for finding in odd) / len(odd)
        print(f"| {kind} | {len(odd)} | {share(odd, 'unknown'):.1%} | {missed:.1%} | {share(usual, 'unknown'):.1%} | {areas[-1]:.3f} |", flush=True)
    print(f"\nmean AUROC {statistics.mean(areas):.3f}, lowest {min(areas):.3f}")


if __name__ == "__main__":
    main()

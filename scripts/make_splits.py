#!/usr/bin/env python3
"""Makes the HDFS splits on which docs/evaluation.md reports.

The sessions are those of HDFS_v1 of LogHub (https://github.com/logpai/loghub; Xu et al. 2009) as sequences of events, in the form in which AIT
publishes them (https://github.com/ait-aecid/anomaly-detection-log-datasets): one session a line, `id,event event event …`. In
that repository `hdfs_loghub/hdfs_train` holds normal sessions, `hdfs_loghub/hdfs_test_abnormal` anomalous ones, and
`templates/HDFS_templates.csv` the template of event N in line N.

    python3 scripts/make_splits.py --normal hdfs_train --abnormal hdfs_test_abnormal --kinds kinds.csv --out splits

KINDS is a CSV file with a header and the columns id and kind (further columns are left alone): the true kinds of the anomalous sessions,
for scoring only. Without it all of them are of the kind "anomalous".

A normal session is for training when the first 32 bits of the SHA-256 of its id, read as a number and divided by 2^32, lie below the share
(0.7): the split depends on nothing else. A file that was cut by this rule before, and holds only sessions below some share, needs a smaller
one; the script says so. Written into the folder:

    train_normal.seq   normal sessions to train on
    test_normal.seq    the other normal sessions
    abnormal.seq       all anomalous sessions
    truth.csv          id,kind of the sessions to score: test_normal.seq and abnormal.seq

Tests and benchmarks on real data look for these inputs in the folder that the environment variable BIRCHLOG_DATA names:

    hdfs/normal.seq        what --normal reads here
    hdfs/abnormal.seq      what --abnormal reads
    hdfs/kinds.csv         what --kinds reads
    hdfs/templates.csv     the templates of the events
    hdfs/raw_20000.log     the first 20,000 lines of HDFS.log

With BIRCHLOG_DATA set, the first three need not be named.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import pathlib
import sys
from typing import Dict, Iterator, List, Tuple


class BadInput(Exception):
    """A file is not what it should be; the message says which and why."""


def sessions_of(path: pathlib.Path) -> Iterator[Tuple[str, str]]:
    """The id and the events of each session of a file."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line:
                continue
            identifier, comma, events = line.partition(",")
            if not comma or not all(event.isdigit() for event in events.split()):
                raise BadInput(f"{path}:{number}: not of the form id,event event event")
            yield identifier, events


def kinds_of(path: pathlib.Path) -> Dict[str, str]:
    """The kind of each session of a CSV file with a header."""
    kinds: Dict[str, str] = {}
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        for row in rows:
            if len(row) < 2:
                raise BadInput(f"{path}:{rows.line_num}: not of the form id,kind")
            if kinds.setdefault(row[0], row[1]) != row[1]:
                raise BadInput(f"{path}:{rows.line_num}: {row[0]} has two kinds")
    return kinds


def place_of(identifier: str) -> float:
    """Where a session stands between 0 and 1; sessions below the share are for training."""
    digest = hashlib.sha256(identifier.encode("utf-8")).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def write_sessions(path: pathlib.Path, sessions: List[Tuple[str, str]]) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{identifier},{events}\n" for identifier, events in sessions)


def mixed(normal: List[Tuple[str, str]], anomalous: List[Tuple[str, str]], share: float) -> List[Tuple[str, str]]:
    """The normal sessions and so many anomalous ones that these are a share of all, in an order that tells nothing."""
    count = round(share * len(normal) / (1 - share))
    part = sorted(anomalous, key=lambda session: place_of("mixed " + session[0]))[:count]
    return sorted(normal + part, key=lambda session: place_of("order " + session[0]))


def make_splits(
    normal: pathlib.Path, abnormal: pathlib.Path, kinds: Dict[str, str], share: float, shares: List[float], out: pathlib.Path
) -> None:
    train: List[Tuple[str, str]] = []
    test: List[Tuple[str, str]] = []
    last = 0.0
    for session in sessions_of(normal):
        place = place_of(session[0])
        last = max(last, place)
        (train if place < share else test).append(session)
    anomalous = list(sessions_of(abnormal))
    if not train or not anomalous:
        raise BadInput(f"{normal} or {abnormal} holds no session; are these the right files?")
    if not test:
        raise BadInput(
            f"no session of {normal} is left to score: the last of {len(train)} stands at {last:.4f}, below the share {share}. "
            "The file was cut by the same rule already; give --share a value below that, such as "
            f"{0.7 * last:.2f} for 70 % of what the file holds"
        )
    out.mkdir(parents=True, exist_ok=True)
    write_sessions(out / "train_normal.seq", train)
    write_sessions(out / "test_normal.seq", test)
    write_sessions(out / "abnormal.seq", anomalous)
    # By their events: equal sequences lie on one side.
    write_sessions(out / "abnormal_known.seq", [session for session in anomalous if place_of(session[1]) < 0.5])
    write_sessions(out / "abnormal_held_out.seq", [session for session in anomalous if place_of(session[1]) >= 0.5])
    for part in shares:
        write_sessions(out / f"mixed_{part:g}.seq", mixed(train, anomalous, part))
    with open(out / "truth.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["id", "kind"])
        rows.writerows([identifier, "normal"] for identifier, _ in test)
        rows.writerows([identifier, kinds.get(identifier, "anomalous")] for identifier, _ in anomalous)
    unnamed = sum(identifier not in kinds for identifier, _ in anomalous)
    print(f"{len(train)} normal sessions to train on, {len(test)} to score, {len(anomalous)} anomalous ones, {unnamed} of these without a kind")


def main() -> int:
    data = os.environ.get("BIRCHLOG_DATA")
    folder = pathlib.Path(data) / "hdfs" if data else None
    parser = argparse.ArgumentParser(description="Make the HDFS splits of docs/evaluation.md.")
    parser.add_argument("--normal", type=pathlib.Path, default=folder and folder / "normal.seq", help="file of normal sessions")
    parser.add_argument("--abnormal", type=pathlib.Path, default=folder and folder / "abnormal.seq", help="file of anomalous sessions")
    parser.add_argument("--kinds", type=pathlib.Path, default=folder and folder / "kinds.csv", help="CSV file of id,kind")
    parser.add_argument("--share", type=float, default=0.7, help="share of normal sessions to train on (default 0.7)")
    parser.add_argument("--mixed", type=float, action="append", default=[], metavar="SHARE", help="write a file of training sessions too of which this share is anomalous")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR", help="folder to write into; made when missing")
    arguments = parser.parse_args()
    if arguments.normal is None or arguments.abnormal is None:
        parser.error("give --normal and --abnormal, or set BIRCHLOG_DATA")
    try:
        kinds = kinds_of(arguments.kinds) if arguments.kinds else {}
        make_splits(arguments.normal, arguments.abnormal, kinds, arguments.share, arguments.mixed, arguments.out)
    except (OSError, UnicodeDecodeError, BadInput) as error:
        print(f"make_splits.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

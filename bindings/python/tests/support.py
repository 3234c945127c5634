"""What the tests share: logs that they make themselves, and one small model for all."""

from __future__ import annotations

import functools
import pathlib
import random
import sys
from typing import List

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from birchlog import Model, Trainer  # noqa: E402

QUICK = {"hidden_size": 16, "epochs": 30, "threads": 1}
SESSION = r"job=([a-z]+)"
UNSEEN = 999
FAULT_EVERY = 4

MESSAGES = {
    1: "started",
    2: "configuration read",
    3: "cache warm",
    4: "cache cold",
    5: "chunk copied to shelf {number}",
    6: "checksum matches",
    7: "finished after {number} ms",
    8: "disk error at sector {number}",
    9: "retrying after disk error",
}


def make_sessions(seed: int, faults: bool = False, count: int = 240) -> List[List[int]]:
    """Sessions of a copying job; with faults every fourth has a disk error, a loop, or no end."""
    draw = random.Random(seed)
    sessions = []
    for index in range(count):
        fault = 1 + index // FAULT_EVERY % 3 if faults and index % FAULT_EVERY == 0 else 0
        session = [1, 2, draw.choice([3, 4])] + [5] * (draw.randint(1, 4) + (10 if fault == 2 else 0))
        if fault == 1:
            session += [8, 9, 8]
        if fault != 3:
            session += [6, 7]
        sessions.append(session)
    return sessions


def key_of(index: int) -> str:
    """The session key that stands in the lines of session `index`."""
    return "".join(chr(ord("a") + index // place % 26) for place in (676, 26, 1))


def make_lines(seed: int, faults: bool = False) -> List[bytes]:
    """The same sessions as raw lines, two of them open at a time."""
    draw = random.Random(seed + 1)
    lines: List[bytes] = []
    sessions = make_sessions(seed, faults)
    for first in range(0, len(sessions), 2):
        pair = list(enumerate(sessions))[first : first + 2]
        for position in range(max(len(session) for _, session in pair)):
            for index, session in pair:
                if position < len(session):
                    message = MESSAGES[session[position]].format(number=draw.randrange(1000))
                    hour, minute, second = len(lines) // 3600, len(lines) // 60 % 60, len(lines) % 60
                    stamp = f"2025-03-04 {hour:02d}:{minute:02d}:{second:02d}"
                    lines.append(f"{stamp} INFO copier job={key_of(index)} {message}\n".encode())
    return lines


@functools.lru_cache(maxsize=None)
def event_model() -> Model:
    """A model of sessions of event ids."""
    with Trainer(**QUICK) as trainer:
        trainer.add_sessions(make_sessions(1), role="normal")
        trainer.add_sessions(make_sessions(2, faults=True))
        return trainer.run()


@functools.lru_cache(maxsize=None)
def line_model() -> Model:
    """A model of raw lines."""
    with Trainer(session=SESSION, **QUICK) as trainer:
        trainer.add_lines(make_lines(1), role="normal")
        trainer.add_lines(b"".join(make_lines(2, faults=True)))
        return trainer.run()


try:
    import numpy
except ImportError:
    numpy = None  # type: ignore[assignment]

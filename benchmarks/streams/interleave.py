#!/usr/bin/env python3
"""Writes sessions of event numbers as the raw lines of a log, interleaved: `interleave.py TEMPLATES FILE.seq... > LOG`.

A line is a time, the session's id and the template of its event, each wildcard a number. Sessions begin one after the other, as many
open at once as `--open` says, and each next line is of an open one drawn by a fixed seed.
"""

import argparse
import random
import sys

GENERATOR = random.Random(1)


def templates(path):
    """The texts of events: event N is line N."""
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").replace("<*>", " <*> ").strip() for line in file]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("templates")
    parser.add_argument("sequences", nargs="+")
    parser.add_argument("--open", type=int, default=100)
    arguments = parser.parse_args()
    texts = templates(arguments.templates)
    sessions = [line.split(",", 1) for path in arguments.sequences for line in open(path, encoding="utf-8") if "," in line]
    GENERATOR.shuffle(sessions)
    waiting = iter((name, iter(events.split())) for name, events in sessions)
    opened, moment = [], 0
    while True:
        while len(opened) < arguments.open and (session := next(waiting, None)):
            opened.append(session)
        if not opened:
            break
        place = GENERATOR.randrange(len(opened))
        name, events = opened[place]
        event = next(events, None)
        if event is None:
            opened[place] = opened[-1]
            opened.pop()
            continue
        text = texts[int(event) - 1]
        while "<*>" in text:
            text = text.replace("<*>", str(GENERATOR.randrange(10_000)), 1)
        moment += 1
        minutes, seconds = divmod(moment // 100, 60)
        hours, minutes = divmod(minutes, 60)
        day, hours = divmod(hours, 24)
        sys.stdout.write(f"2026-01-{day + 1:02} {hours:02}:{minutes:02}:{seconds:02},{moment % 100 * 10:03} INFO {name} {text}\n")


if __name__ == "__main__":
    main()

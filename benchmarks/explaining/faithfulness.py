#!/usr/bin/env python3
"""Measures whether the events that explanations name decide: how far the score falls without them, and without as many at random.

    python3 faithfulness.py MODEL SESSIONS.seq [--draws 20] [--seed 1]

Of equal sessions one is taken. Sessions whose verdict rests on what is missing alone (no decisive event), or on all their events, are
counted and left out: nothing can be removed there. Needs the Python binding.
"""

import argparse
import random
import statistics

from birchlog import Model


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("sessions")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)
    with open(arguments.sessions, encoding="utf-8") as file:
        distinct = {tuple(map(int, line.rsplit(",", 1)[-1].split())) for line in file}
    sessions = [list(session) for session in sorted(distinct) if session]
    falls, chances, normal_named, normal_chance, left_out, anomalous = [], [], 0, 0.0, 0, 0
    with Model.load(arguments.model) as model:
        for start in range(0, len(sessions), 500):
            part = sessions[start : start + 500]
            for finding, events in zip(model.classify_sessions(part), part):
                if not finding.anomalous:
                    continue
                anomalous += 1
                named = set(finding.explain(parts=[])["decisive"])
                if not named or len(named) >= len(events):
                    left_out += 1
                    continue
                removals = [named] + [set(draw.sample(range(len(events)), len(named))) for _ in range(arguments.draws)]
                tries = [[event for place, event in enumerate(events) if place not in gone] for gone in removals]
                first, *others = model.classify_sessions(tries)
                falls.append(finding.score - first.score)
                chances.append(statistics.mean(finding.score - other.score for other in others))
                normal_named += not first.anomalous
                normal_chance += statistics.mean(not other.anomalous for other in others)
    compared = len(falls)
    better = sum(fall > chance for fall, chance in zip(falls, chances))
    print(f"{len(sessions)} distinct sessions, {anomalous} anomalous, {left_out} with nothing to remove, {compared} compared")
    print(f"the named events take more than chance away in {better} ({100 * better / compared:.1f} %)")
    print(f"fall of the score, mean: {statistics.mean(falls):.2f} nats without the named events, {statistics.mean(chances):.2f} without as many at random")
    print(f"normal afterwards: {100 * normal_named / compared:.1f} % without the named events, {100 * normal_chance / compared:.1f} % at random")


if __name__ == "__main__":
    main()

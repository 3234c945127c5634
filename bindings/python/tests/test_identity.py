"""Kinds keep their ids, and operators' decisions hold, through one refit after another."""

from __future__ import annotations

import random
import unittest
from typing import List

from birchlog import Model, Trainer

REFITS = 20


def make_week(count: int, seed: int, faults: bool) -> List[List[int]]:
    """Sessions of a service; with `faults` every other one shows one of six kinds of fault, each in many variants."""
    generator = random.Random(seed)
    sessions = []
    for index in range(count):
        events = [1, 2] + [3] * generator.randint(1, 5) + ([4] if generator.random() < 0.5 else []) + [5, 6]
        place, extra = generator.randrange(2, len(events)), generator.randint(0, 2)
        variants = [
            events[:place] + [10, 11] + [12] * extra,
            events[:place] + [20] + events[place:] + [21],
            events[:place] + [30] * (3 + extra) + [6],
            events + [40, 41 + extra],
            events[:2] + [3] * (25 + place) + [5, 6],
            [50 + extra, 53] + events,
        ]
        sessions.append(variants[index // 2 % 6] if faults and index % 2 == 0 else events)
    return sessions


class IdentityTests(unittest.TestCase):
    def test_sessions_keep_their_kind_through_twenty_refits_on_new_weeks(self) -> None:
        sessions = make_week(600, 1, True)
        with Trainer(hidden_size=16, layers=1, attention_heads=2, epochs=15, threads=1) as trainer:
            trainer.add_sessions(make_week(300, 2, False), role="normal")
            trainer.add_sessions(sessions)
            trained = trainer.run()
        ids = [kind.id for kind in trained.kinds() if not kind.normal]
        self.assertGreaterEqual(len(ids), 6)
        named, marked, merged, other = ids[:4]
        model: Model = trained.name_kind(named, "named").mark_kind_normal(marked).merge_kinds([merged, other])
        before = [finding.kind for finding in model.classify_sessions(sessions)]
        for week in range(REFITS):
            more = make_week(400, 1000 + week, True)
            random.Random(week).shuffle(more)
            with Trainer(threads=1) as trainer:
                trainer.add_sessions(more)
                model = trainer.refit(model)
            findings = model.classify_sessions(sessions)
            kept = sum(finding.kind == kind for finding, kind in zip(findings, before))
            self.assertGreaterEqual(kept, 0.95 * len(sessions), f"week {week}")
            kinds = {kind.id: kind for kind in model.kinds()}
            self.assertEqual(kinds[named].name, "named", f"week {week}")
            self.assertTrue(kinds[marked].marked, f"week {week}")
            self.assertIn(merged, kinds)
            self.assertNotIn(other, kinds)
            self.assertFalse([finding for finding in findings if finding.kind == marked and finding.anomalous])


if __name__ == "__main__":
    unittest.main()

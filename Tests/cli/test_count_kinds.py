"""Kinds whose units hold nothing but known events, one of them too often: how they read, and what splitting them says."""

import json
import re
import shutil

from support import QUICK, SESSION, Fixture, ModelTest, run, write_log


class CountKinds(ModelTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.often = Fixture.folder / "often.birchlog"
        log = Fixture.folder / "often.log"
        ids = write_log(log, 160, {number: "timeout" for number in range(0, 160, 10)}, seed=2)
        lines = []
        left = {identity: 9 + number % 4 for number, identity in enumerate(ids[5::10])}
        for line in log.read_text().splitlines(True):
            lines.append(line)
            identity = re.search(SESSION, line).group()
            if "reserved" in line:
                lines += [line] * left.pop(identity, 0)
        log.write_text("".join(lines))
        cls.training = run("train", "-q", "--normal", Fixture.normal, log, "--session", SESSION, "-o", cls.often, *QUICK)

    def setUp(self):
        super().setUp()
        self.assert_success(self.training)
        self.model = self.folder / "m.birchlog"
        shutil.copy(self.often, self.model)
        kinds = json.loads(run("kinds", "-m", self.model).stdout)["kinds"]
        self.kind = next(kind for kind in kinds if not kind["normal"] and not kind["evidence"])

    def test_the_reading_tells_which_event_and_how_often(self):
        self.assertRegex(self.kind["reading"], r"^“reserved … items” comes 1\d (to \d+ )?times, normally at most 3$")

    def test_a_split_of_what_is_alike_says_so(self):
        result = run("kinds", "split", "-m", self.model, self.kind["id"])
        self.assert_success(result)
        self.assertIn(f"{self.kind['id']} is split, but no event sets its parts apart", result.stderr.decode())
        self.assert_success(run("kinds", "split", "-m", self.model, self.kind["id"], "--undo"))

    def test_a_split_of_two_things_that_were_found_as_one_says_nothing(self):
        joined = self.folder / "one.birchlog"
        self.assert_success(run("refit", "-q", "-m", self.model, "--kinds", "1", "-o", joined))
        kinds = [kind["id"] for kind in json.loads(run("kinds", "-m", joined).stdout)["kinds"] if not kind["normal"]]
        self.assertEqual(len(kinds), 1)
        result = run("kinds", "split", "-m", joined, kinds[0])
        self.assert_success(result)
        self.assertEqual(result.stderr, b"")

"""Learning on: new normal behaviour, new kinds, what is kept, and what is refused."""

import json

from support import QUICK, Fixture, ModelTest, run, write_other_log


def audited(path):
    """The normal log with a step that was not there before in every second session."""
    lines = []
    for line in Fixture.normal.read_text().splitlines():
        lines.append(line)
        if "validated order" in line and int(line.split("req-")[1][:8], 16) % 2:
            lines.append(line.split("] ")[0] + "] audited order of customer 77")
    path.write_text("\n".join(lines) + "\n")


def melted(path):
    """The mixed log, in which the sessions that timed out fail in a way of their own."""
    text = Fixture.mixed.read_text().replace("gateway did not answer in 3000 ms", "gateway melted down at 900 degrees")
    path.write_text(text)


class UpdateTest(ModelTest):
    def update(self, *arguments, **keywords):
        result = run("update", *arguments, "--threads", "1", **keywords)
        self.assert_success(result)
        return result

    def describe(self, model):
        return json.loads(run("inspect", "-m", model, "--json").stdout)

    def findings(self, model, log):
        return {finding["session"]: finding for finding in self.documents(run("classify", "-m", model, log))}

    def kinds(self, model):
        return json.loads(run("kinds", "-m", model, "--json").stdout)["kinds"]

    def test_new_normal_behaviour_is_learned_and_the_old_is_kept(self):
        log, new = self.folder / "audited.log", self.folder / "new.birchlog"
        audited(log)
        before = self.findings(Fixture.model, log)
        self.assertGreater(sum(found["anomalous"] for found in before.values()), 100)
        result = self.update("-m", Fixture.model, "--normal", log, "-o", new)
        self.assertIn(b"1 new event, 1 of them normal", result.stderr)
        after = self.findings(new, log)
        self.assertLess(sum(found["anomalous"] for found in after.values()), 6)
        record = self.describe(new)["updates"][-1]
        self.assertLessEqual(record["old_loss"]["after"], record["old_loss"]["before"] * 1.02)
        self.assertLess(record["new_loss"]["after"], record["new_loss"]["before"])
        self.assertEqual((record["new_events"], record["new_normal_events"]), (1, 1))
        self.assertGreater(record["drift"]["unseen"], 0.3)
        self.assertIn("An update found the kinds", run("kinds", "journal", "-m", new, "--table").stdout.decode())
        # What was anomalous still is, of the same kind.
        for session, found in self.findings(new, Fixture.mixed).items():
            known = self.findings_of_mixed[session]
            if known["anomalous"] and known["kind"] != "unknown":
                self.assertEqual((found["anomalous"], found["kind"]), (True, known["kind"]), session)

    @property
    def findings_of_mixed(self):
        if not hasattr(self, "_mixed"):
            self._mixed = self.findings(Fixture.model, Fixture.mixed)
        return self._mixed

    def test_another_log_is_warned_of(self):
        other = self.folder / "other.log"
        write_other_log(other, Fixture.normal)
        for log, share in ((other, 1.0), (Fixture.normal, 0.0)):
            model = self.folder / "m.birchlog"
            result = run("update", "-m", Fixture.model, "--normal", log, "-o", model, "--threads", "1")
            self.assert_success(result)
            self.assertEqual(b"The model knew 0 % of the events" in result.stderr, share == 1)
            update = json.loads(run("inspect", "-m", model, "--json").stdout)["updates"][-1]
            self.assertEqual(update["drift"]["unseen_events"], share)

    def test_a_new_kind_is_found_beside_those_there_are(self):
        log, named, new = (self.folder / name for name in ("melted.log", "named.birchlog", "new.birchlog"))
        melted(log)
        kind = next(kind["id"] for kind in self.kinds(Fixture.model) if not kind["normal"])
        self.assert_success(run("kinds", "name", "-m", Fixture.model, kind, "known <one>", "-o", named))
        self.update("-m", named, log, "-o", new)
        record = self.describe(new)["updates"][-1]
        self.assertEqual(len(record["new_kinds"]), 1, record)
        after = {entry["id"]: entry for entry in self.kinds(new)}
        self.assertEqual(after[kind]["name"], "known <one>")
        self.assertLessEqual({entry["id"] for entry in self.kinds(named)}, set(after))
        found = self.findings(new, log)
        for number, identity in enumerate(Fixture.ids):
            if Fixture.faults.get(number) == "timeout":
                self.assertEqual(found[identity]["kind"], record["new_kinds"][0])
        evidence = after[record["new_kinds"][0]]["evidence"]
        self.assertTrue(any("melted" in item["template"] for item in evidence), evidence)

    def test_first_and_last_seen_go_on_from_what_they_were(self):
        log, new = self.folder / "later.log", self.folder / "new.birchlog"
        log.write_text(Fixture.mixed.read_text().replace("2025-03-05T", "2025-04-06T"))
        before = {kind["id"]: kind for kind in self.kinds(Fixture.model)}
        self.update("-m", Fixture.model, log, "-o", new)
        for kind in self.kinds(new):
            self.assertEqual(kind["first_seen"], before[kind["id"]]["first_seen"])
            self.assertRegex(kind["last_seen"], "^2025-04-06T")

    def test_a_kind_seen_twice_is_a_candidate_no_more(self):
        log = self.folder / "melted.log"
        text = Fixture.mixed.read_text()
        identity = Fixture.ids[5]
        lines = [line.replace("gateway did not answer in 3000 ms", "gateway melted down at 900 degrees") if identity in line else line
                 for line in text.splitlines()]
        log.write_text("\n".join(lines) + "\n")
        model = self.folder / "model.birchlog"
        self.update("-m", Fixture.model, log, "-o", model)
        record = self.describe(model)["updates"][-1]
        self.assertEqual(len(record["new_kinds"]), 1)
        kind = record["new_kinds"][0]
        self.assertTrue(next(entry for entry in self.kinds(model) if entry["id"] == kind)["candidate"])
        for _ in range(2):
            self.update("-m", model, log, "-o", model)
        promoted = [kind for update in self.describe(model)["updates"] for kind in update["promoted_kinds"]]
        self.assertEqual(promoted, [kind])
        entry = next(entry for entry in self.kinds(model) if entry["id"] == kind)
        self.assertEqual((entry["candidate"], entry["size"], entry["age"]["showings"]), (False, 3, 3))

    def test_the_same_input_gives_the_same_bytes_with_any_number_of_threads(self):
        log = self.folder / "audited.log"
        audited(log)
        models = []
        for threads in ("1", "2"):
            models.append(self.folder / threads)
            self.assert_success(
                run("update", "-m", Fixture.model, "--normal", log, Fixture.mixed, "-o", models[-1], "--threads", threads))
        self.assertEqual(models[0].read_bytes(), models[1].read_bytes())

    def test_a_stream_goes_on_with_the_updated_model(self):
        log, new = self.folder / "service.log", self.folder / "new.birchlog"
        audited(self.folder / "audited.log")
        self.update("-m", Fixture.model, "--normal", self.folder / "audited.log", "-o", new)
        lines = Fixture.mixed.read_bytes().splitlines(True)
        log.write_bytes(b"".join(lines[:300]))
        options = (log, "--no-follow", "--state", self.folder / "state", "-o", self.folder / "found")
        # Stopped, not ended: what is open stays open.
        first = run("watch", "-m", Fixture.model, *options)
        self.assert_success(first)
        with open(log, "ab") as file:
            file.write(b"".join(lines[300:]))
        second = run("watch", "-m", new, *options)
        self.assert_success(second)
        self.assertEqual(second.stderr, b"", "the snapshot is taken")
        self.assertIn(b'"final":true', (self.folder / "found").read_bytes())

    def test_what_cannot_be_is_refused(self):
        out = self.folder / "out.birchlog"
        self.assert_refused(run("update", "-m", self.folder / "none", Fixture.mixed, "-o", out), 3, "none")
        self.assert_refused(run("update", "-m", Fixture.model, self.folder / "no.log", "-o", out), 3, "no.log")
        self.assert_refused(run("update", "-m", Fixture.model, Fixture.mixed, "-o", self.folder / "no" / "out"), 3, "no")
        self.assert_refused(
            run("update", "-m", Fixture.model, Fixture.mixed, "-o", out, "--option", "window=5"), 2, "window", "train anew")
        self.assert_refused(run("update", "-m", Fixture.model, Fixture.mixed, "-o", out, "--half-life=-1"), 2, "half_life")
        sequences = self.folder / "events.seq"
        sequences.write_text("a,1 2 3\nb,1 2 3\n")
        self.assert_refused(run("update", "-m", Fixture.model, sequences, "-o", out), 3, "events.seq")
        (self.folder / "empty.log").write_text("")
        self.assert_refused(run("update", "-m", Fixture.model, self.folder / "empty.log", "-o", out), 3, "empty.log")
        self.assert_folder_holds("events.seq", "empty.log")

    def test_windows_are_learned_on_too(self):
        model, new = self.folder / "windows.birchlog", self.folder / "new.birchlog"
        self.assert_success(run("train", "--normal", Fixture.normal, Fixture.mixed, "-o", model, *QUICK))
        self.update("-m", model, "--normal", Fixture.normal, Fixture.mixed, "-o", new, "--half-life", "500")
        record = self.describe(new)["updates"][-1]
        self.assertLessEqual(record["old_loss"]["after"], record["old_loss"]["before"] * 1.02)
        self.assertEqual(record["new_events"], 0)

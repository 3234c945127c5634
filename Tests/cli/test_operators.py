"""What operators do with kinds: names, notes, merges, splits, marks, and their reversal."""

import json
import pathlib
import random

from support import Fixture, ModelTest, run, write_log


class OperatorTest(ModelTest):
    def setUp(self):
        super().setUp()
        self.model = self.folder / "m.birchlog"
        self.model.write_bytes(Fixture.model.read_bytes())
        self.anomalies = [kind["id"] for kind in self.kinds() if not kind["normal"]]

    def kinds(self, model=None):
        result = run("kinds", "list", "-m", model or self.model, "--json")
        self.assert_success(result)
        return json.loads(result.stdout)["kinds"]

    def edit(self, verb, *arguments):
        result = run("kinds", verb, "-m", self.model, *arguments)
        self.assert_success(result)
        return json.loads(result.stdout)

    def findings(self, model=None, log=Fixture.mixed):
        return {finding["session"]: finding for finding in self.documents(run("classify", "-m", model or self.model, log))}

    def given(self, model=None):
        return {session: finding["kind"] for session, finding in self.findings(model).items()}

    def refit(self, log=Fixture.mixed):
        self.assert_success(run("refit", "-m", self.model, log, "-o", self.model))

    def test_a_merge_gives_one_id_at_once_survives_a_refit_and_is_taken_back(self):
        before = self.given()
        first, second = self.anomalies[:2]
        entry = self.edit("merge", first, second)
        self.assertEqual((entry["verb"], entry["kind"], entry["kinds"]), ("merge", first, [second]))
        expected = {session: first if kind == second else kind for session, kind in before.items()}
        self.assertEqual(self.given(), expected)
        merged = next(kind for kind in self.kinds() if kind["id"] == first)
        self.assertEqual(merged["aliases"], [second])
        self.assertNotIn(second, [kind["id"] for kind in self.kinds()])
        self.refit()
        self.assertEqual(self.given(), expected)
        self.assertTrue(self.edit("merge", first, "--undo")["undo"])
        self.assertEqual(self.given(), before)

    def test_a_marked_kind_stops_alarming_and_keeps_its_id(self):
        before = self.findings()
        kind = self.anomalies[0]
        self.edit("mark-normal", kind)
        self.assertEqual(next(own["state"] for own in self.kinds() if own["id"] == kind), "marked")
        for attempt in range(2):
            after = self.findings()
            for session, finding in after.items():
                self.assertEqual(finding["kind"], before[session]["kind"])
                self.assertEqual(finding["anomalous"], before[session]["anomalous"] and finding["kind"] != kind)
                self.assertEqual(finding.get("marked", False), before[session]["anomalous"] and finding["kind"] == kind)
            if attempt == 0:
                self.refit()
        self.edit("mark-normal", kind, "--off")
        self.assertEqual(
            {session: finding["anomalous"] for session, finding in self.findings().items()},
            {session: finding["anomalous"] for session, finding in before.items()})

    def test_a_split_gives_new_ids_and_is_taken_back(self):
        before = self.given()
        kind = self.anomalies[0]
        entry = self.edit("split", kind)
        parts = entry["kinds"]
        self.assertEqual(len(parts), 2)
        self.assertFalse(set(parts) & {own["id"] for own in self.kinds(Fixture.model)})
        after = self.given()
        self.assertEqual({after[session] for session, own in before.items() if own == kind}, set(parts))
        self.refit()
        self.assertTrue(set(parts) <= {own["id"] for own in self.kinds()})
        self.edit("split", parts[1], "--undo")
        self.assertEqual(self.given(), before)

    def test_a_kind_is_split_around_exemplars(self):
        kind = next(own for own in self.kinds() if own["id"] == self.anomalies[0])
        sessions = [sample["session"] for sample in kind["samples"]]
        shapes = {tuple(sample["events"]) for sample in kind["samples"]}
        self.assertGreaterEqual(len(shapes), 2)
        parts = self.edit("split", kind["id"], "--exemplars", ",".join(sessions[:2]))["kinds"]
        shown = [json.loads(run("kinds", "show", "-m", self.model, part).stdout) for part in parts]
        for session, part in zip(sessions, shown):
            self.assertIn(session, [sample["session"] for sample in part["samples"]])

    def test_notes_and_names_survive_a_refit_and_show_tells_them(self):
        kind = self.anomalies[0]
        self.edit("name", kind, "payment é")
        self.edit("note", kind, "call <payments>")
        self.edit("note", kind, "second")
        self.refit()
        document = json.loads(run("kinds", "show", "-m", self.model, kind).stdout)
        self.assertEqual((document["name"], document["notes"]), ("payment é", ["call <payments>", "second"]))
        self.assertEqual([entry["verb"] for entry in document["lineage"]], ["name", "note", "note"])
        self.assertTrue(document["neighbours"])
        self.edit("note", kind, "--undo")
        self.edit("name", kind, "--undo")
        document = json.loads(run("kinds", "show", "-m", self.model, kind).stdout)
        self.assertEqual((document["name"], document["notes"]), (None, ["call <payments>"]))
        table = run("kinds", "show", "-m", self.model, kind, "--table")
        self.assert_success(table)
        for needle in ("note: call <payments>", "What sets it apart", "Nearest other kinds", "What happened to it"):
            self.assertIn(needle, table.stdout.decode())
        journal = [json.loads(line) for line in run("kinds", "journal", "-m", self.model).stdout.splitlines()]
        self.assertEqual([entry["verb"] for entry in journal], ["name", "note", "note", "refit", "note", "name"])

    def test_an_edit_can_go_to_another_file_and_leaves_no_other_behind(self):
        other = self.folder / "other.birchlog"
        before = self.model.read_bytes()
        self.assert_success(run("kinds", "mark-normal", "-m", self.model, self.anomalies[0], "-o", other))
        self.assertEqual(self.model.read_bytes(), before)
        self.assertEqual([own["marked"] for own in self.kinds(other)].count(True), 1)
        self.assert_folder_holds("m.birchlog", "other.birchlog")

    def test_what_cannot_be_done_is_refused_and_changes_nothing(self):
        before = self.model.read_bytes()
        kind = self.anomalies[0]
        ids = ", ".join(own["id"] for own in self.kinds())
        for verb, arguments, needle in (
                ("show", ["k99"], ids), ("name", ["k99", "x"], ids), ("note", ["k99", "x"], ids), ("merge", [kind, "k99"], ids),
                ("split", ["k99"], ids), ("mark-normal", ["k99"], ids), ("merge", [kind], "two kinds"), ("merge", [kind, kind], "twice"),
                ("merge", [kind, "k0"], "normal"), ("mark-normal", ["k0"], "normal"), ("split", ["k0"], "normal"),
                ("split", [kind, "--exemplars", "one"], "two sessions"), ("split", [kind, "--exemplars", "no,such"], "no remembered"),
                ("split", [kind, "--undo"], "split"), ("merge", [kind, "--undo"], "merge"), ("name", [kind, "--undo"], "name"),
                ("note", [kind], "note"), ("name", [kind], "name"), ("name", [kind, "x" * 257], "256")):
            status = 3 if needle == "256" else 2
            with self.subTest(verb=verb, arguments=arguments):
                self.assert_refused(run("kinds", verb, "-m", self.model, *arguments), status, needle)
        self.assertEqual(self.model.read_bytes(), before)

    def test_a_mistyped_id_is_answered_with_the_nearest_name(self):
        self.edit("name", self.anomalies[0], "payment timeout")
        self.assert_refused(
            run("kinds", "show", "-m", self.model, "payment timeuot"), 2, f"nearest: {self.anomalies[0]} (payment timeout)")

"""What operators do with kinds: names, notes, merges, splits, marks, and their reversal."""

import json

from support import QUICK, SESSION, Fixture, ModelTest, run, write_log, write_other_log


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

    def test_the_classifier_s_table_says_as_what_a_kind_is_shown_now(self):
        def rows():
            return json.loads(run("inspect", "-m", self.model, "--json").stdout)["classifier"]["rows"]

        first, second = self.anomalies[:2]
        before = rows()
        self.assertTrue({first, second} <= {row["kind"] for row in before})
        self.edit("name", first, "gone wrong")
        self.edit("merge", first, second)
        self.assertEqual(rows(), [{**row, "now": [first]} if row["kind"] == second else row for row in before])
        table = run("kinds", "list", "-m", self.model, "--table", "--samples", "0").stdout.decode()
        self.assertIn(f"{second} (now {first} gone wrong)", table)
        self.edit("merge", first, "--undo")
        self.assertEqual(rows(), before)
        parts = self.edit("split", first)["kinds"]
        self.assertEqual(rows(), [{**row, "now": parts} if row["kind"] == first else row for row in before])

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
        marked = next(session for session, finding in after.items() if finding.get("marked"))
        result = run("explain", "-m", self.model, "--session-id", marked, Fixture.mixed)
        self.assert_success(result)
        self.assertIn(f"an operator marked its kind {kind}", self.documents(result)[0]["summary"])
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

    def test_a_text_that_is_too_long_is_refused_with_the_limit(self):
        for verb, limit in (("name", 256), ("note", 4096)):
            self.assert_refused(
                run("kinds", verb, "-m", self.model, self.anomalies[0], "x" * (limit + 1)), 2, f"{limit + 1} bytes", f"of {limit} or fewer")
            self.assert_success(run("kinds", verb, "-m", self.model, self.anomalies[0], "x" * limit))

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

    def test_a_mark_that_is_there_already_changes_nothing(self):
        self.edit("mark-normal", self.anomalies[0])
        before = self.model.read_bytes()
        result = run("kinds", "mark-normal", "-m", self.model, self.anomalies[0])
        self.assert_success(result)
        self.assertEqual((result.stdout, self.model.read_bytes()), (b"", before))

    def test_quiet_edits_do_the_same_and_say_nothing_but_warnings(self):
        first, second, *_ = self.anomalies
        twin = self.folder / "twin.birchlog"
        for verb, *arguments in (
                ("name", first, "payment"), ("note", first, "call them"), ("merge", first, second), ("merge", first, "--undo"),
                ("mark-normal", second), ("split", first)):
            with self.subTest(verb=verb, arguments=arguments):
                twin.write_bytes(self.model.read_bytes())
                told = run("kinds", verb, "-m", self.model, *arguments)
                quiet = run("kinds", verb, "-m", twin, *arguments, "--quiet")
                self.assert_success(told)
                self.assert_success(quiet)
                self.assertNotEqual(told.stdout, b"")
                self.assertEqual((quiet.stdout, quiet.stderr), (b"", told.stderr))
                self.assertEqual(self.kinds(twin), self.kinds())

    def test_the_kinds_of_another_log_match_none(self):
        normal, mixed, other = (self.folder / name for name in ("normal.log", "mixed.log", "other.birchlog"))
        write_other_log(normal, Fixture.normal)
        write_other_log(mixed, Fixture.mixed)
        self.assert_success(run("train", "--quiet", "--normal", normal, mixed, "--session", SESSION, "-o", other, *QUICK))
        exported = self.folder / "kinds.json"
        self.assert_success(run("kinds", "export", "-m", self.model, "-o", exported))
        report = json.loads(run("kinds", "import", "-m", other, exported, "--dry-run").stdout)
        self.assertEqual(report["matched"], [])
        self.assertEqual([miss["id"] for miss in report["unmatched"]], [kind["id"] for kind in self.kinds()])
        self.assertEqual({miss["reason"].split(":")[0] for miss in report["unmatched"]}, {"this model knows none of its events"})
        same = json.loads(run("kinds", "import", "-m", self.model, exported, "--dry-run").stdout)
        evidence = {match["from"]: match["evidence"] for match in same["matched"]}
        self.assertEqual(evidence, {kind["id"]: 1.0 if kind["evidence"] else None for kind in self.kinds()})

    def test_a_quiet_import_says_nothing(self):
        self.edit("name", self.anomalies[0], "payment")
        exported, twin = self.folder / "kinds.json", self.folder / "twin.birchlog"
        self.assert_success(run("kinds", "export", "-m", self.model, "-o", exported))
        twin.write_bytes(Fixture.model.read_bytes())
        result = run("kinds", "import", "-m", twin, exported, "--quiet")
        self.assert_success(result)
        self.assertEqual((result.stdout, result.stderr), (b"", b""))
        self.assertIn("payment", [kind["name"] for kind in self.kinds(twin)])

    def test_quiet_leaves_the_refusal_of_an_edit(self):
        self.assert_refused(run("kinds", "name", "-m", self.model, "k99", "x", "--quiet"), 2, "k99")

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
            with self.subTest(verb=verb, arguments=arguments):
                self.assert_refused(run("kinds", verb, "-m", self.model, *arguments), 2, needle)
        self.assertEqual(self.model.read_bytes(), before)

    def test_a_stream_is_silent_about_marked_kinds_from_their_first_line_on(self):
        lines = Fixture.mixed.read_bytes()

        def watch():
            result = run("watch", "-m", self.model, "--json", stdin=lines)
            self.assert_success(result)
            return self.documents(result)

        findings = watch()
        early = {finding["session"] for finding in findings if not finding["final"]}
        final = {finding["session"]: finding for finding in findings if finding["final"]}
        kind = next(final[session]["kind"] for session in sorted(early))
        self.edit("mark-normal", kind)
        findings = watch()
        after = {finding["session"]: finding for finding in findings if finding["final"]}
        self.assertEqual({session: own["anomalous"] for session, own in after.items()},
                         {session: own["anomalous"] and own["kind"] != kind for session, own in final.items()})
        still = {finding["session"] for finding in findings if not finding["final"]}
        self.assertEqual(still, {session for session in early if final[session]["kind"] != kind})

    def test_decisions_go_to_another_model_of_the_same_log(self):
        other = self.folder / "other.birchlog"
        log = self.folder / "more.log"
        faults = {number: "lost" if number % 2 else "timeout" for number in range(0, 150, 5)}
        write_log(log, 150, faults, seed=77)
        self.assert_success(
            run("train", "--quiet", "--normal", Fixture.normal, log, "--session", r"req-[0-9a-f]{8}", "-o", other, "--threads", "1",
                "--option", "seed=9", "--option", "hidden_size=16", "--option", "epochs=8"))
        first, second = self.anomalies[:2]
        self.edit("name", first, "the first")
        self.edit("note", first, "a note")
        self.edit("mark-normal", second)
        exported = self.folder / "kinds.json"
        self.assert_success(run("kinds", "export", "-m", self.model, "-o", exported))
        dry = run("kinds", "import", "-m", other, exported, "--dry-run", "--table")
        self.assert_success(dry)
        self.assertFalse([kind for kind in self.kinds(other) if kind["name"]])
        result = run("kinds", "import", "-m", other, exported)
        self.assert_success(result)
        report = json.loads(result.stdout)
        matched = {match["from"]: match["to"] for match in report["matched"]}
        self.assertEqual(len(set(matched.values())), len(matched))
        kinds = {kind["id"]: kind for kind in self.kinds(other)}
        self.assertEqual((kinds[matched[first]]["name"], kinds[matched[first]]["notes"]), ("the first", ["a note"]))
        self.assertTrue(kinds[matched[second]]["marked"])
        ours, theirs = self.given(), self.given(other)
        same = sum(matched.get(ours[session]) == theirs[session] for session in ours)
        self.assertGreaterEqual(same, 0.95 * len(ours))
        self.assert_refused(run("kinds", "import", "-m", other, Fixture.truth), 3, "JSON")
        self.assert_refused(run("kinds", "import", "-m", other, self.folder / "none"), 3, "none")

    def test_a_mistyped_id_is_answered_with_the_nearest_name(self):
        self.edit("name", self.anomalies[0], "payment timeout")
        self.assert_refused(
            run("kinds", "show", "-m", self.model, "payment timeuot"), 2, f"nearest: {self.anomalies[0]} (payment timeout)")

"""Reasons for verdicts."""

import json
import re

from support import QUICK, SESSION, Fixture, ModelTest, run


class ExplainTest(ModelTest):
    def explain(self, *arguments, **keywords):
        result = run("explain", "-m", Fixture.model, *arguments, **keywords)
        self.assert_success(result)
        return self.documents(result)

    def classified(self):
        return self.documents(run("classify", "-m", Fixture.model, Fixture.mixed))

    def test_every_anomalous_session_is_explained_with_all_the_fields_of_its_finding(self):
        findings = [finding for finding in self.classified() if finding["anomalous"]]
        explained = self.explain(Fixture.mixed)
        self.assertEqual(len(explained), len(findings))
        for finding, reasons in zip(findings, explained):
            for key, value in finding.items():
                if key != "evidence":
                    self.assertEqual(reasons[key], value, key)
            for key in ("summary", "decisive", "neighbours", "attended", "exemplar", "repair", "raw"):
                self.assertIn(key, reasons)
            for one, other in zip(finding["evidence"], reasons["evidence"]):
                self.assertEqual(one["expected"], other["expected"][:3])

    def test_raw_lines_are_those_of_the_file_with_their_offsets(self):
        data = Fixture.mixed.read_bytes()
        lines = data.split(b"\n")
        for reasons in self.explain(Fixture.mixed):
            self.assertIsNone(reasons["raw"]["note"])
            self.assertEqual(len(reasons["raw"]["lines"]), reasons["events"])
            self.assertEqual(reasons["raw"]["omitted"], 0)
            for row in reasons["raw"]["lines"]:
                self.assertEqual(row["text"].encode(), lines[row["line"] - 1])
                self.assertTrue(data[row["offset"]:].startswith(lines[row["line"] - 1]))
                self.assertIn(reasons["session"], row["text"])
                self.assertEqual(row["decisive"], row["position"] in reasons["decisive"])

    def test_a_fault_has_its_lines_marked(self):
        faulty = [Fixture.ids[number] for number, fault in Fixture.faults.items() if fault == "timeout"]
        for reasons in self.explain(*[part for identity in faulty for part in ("--session-id", identity)], Fixture.mixed):
            marked = " ".join(row["text"] for row in reasons["raw"]["lines"] if row["decisive"])
            self.assertIn("gateway did not answer", marked)
            self.assertNotIn("received order", marked)

    def test_one_session_is_chosen_by_id_place_or_line(self):
        everything = self.classified()
        for place in (1, 40, len(everything)):
            finding = everything[place - 1]
            by_place = self.explain("--unit", place, Fixture.mixed)
            by_id = self.explain("--session-id", finding["session"], Fixture.mixed)
            self.assertEqual(by_place, by_id)
            self.assertEqual([reasons["session"] for reasons in by_id], [finding["session"]])
            self.assertEqual(by_id[0]["anomalous"], finding["anomalous"])
            self.assertTrue(by_id[0]["summary"])
        holding = self.explain("--line", 5, Fixture.mixed)
        self.assertTrue(all(reasons["lines"][0] <= 5 <= reasons["lines"][1] for reasons in holding))
        kind = next(finding["kind"] for finding in everything if finding["anomalous"])
        self.assertEqual({reasons["kind"] for reasons in self.explain("--kind", kind, Fixture.mixed)}, {kind})
        self.assertEqual(len(self.explain("--limit", 2, Fixture.mixed)), 2)

    def test_from_a_pipe_the_latest_lines_are_kept_and_losses_are_told(self):
        data = Fixture.mixed.read_bytes()
        for reasons in self.explain(stdin=data):
            self.assertTrue(all(row["text"] for row in reasons["raw"]["lines"]))
        short = self.explain("--option", "line_memory=500", stdin=data)
        self.assertTrue(any(row["text"] is None for reasons in short for row in reasons["raw"]["lines"]))
        for reasons in short:
            missing = [row["line"] for row in reasons["raw"]["lines"] if row["text"] is None]
            self.assertEqual(reasons["raw"]["note"] is not None, bool(missing))
            self.assertTrue(all(row["line"] > 0 for row in reasons["raw"]["lines"]))

    def test_few_lines_are_those_around_the_decisive_ones(self):
        for reasons in self.explain("--lines", 2, Fixture.mixed):
            rows = reasons["raw"]["lines"]
            self.assertLessEqual(len(rows), 2)
            self.assertEqual(len(rows) + reasons["raw"]["omitted"], reasons["events"])
            if reasons["decisive"]:
                self.assertTrue(any(row["decisive"] for row in rows))

    def test_classify_can_explain_too(self):
        explained = {reasons["session"]: reasons for reasons in self.explain(Fixture.mixed)}
        documents = self.documents(run("classify", "-m", Fixture.model, "--explain", Fixture.mixed))
        self.assertEqual(len(documents), len(Fixture.ids))
        for document in documents:
            if document["anomalous"]:
                self.assertEqual(document, explained[document["session"]])
            else:
                self.assertNotIn("summary", document)

    def test_the_text_tells_the_reason_and_fits(self):
        identity = next(Fixture.ids[number] for number, fault in Fixture.faults.items() if fault == "timeout")
        result = run(
            "explain", "-m", Fixture.model, "--table", "--session-id", identity, Fixture.mixed,
            environment={"COLUMNS": "80"})
        self.assert_success(result)
        text = result.stdout.decode()
        self.assertIn(identity, text)
        self.assertIn("gateway did not answer", text)
        self.assertTrue(all(len(line) <= 80 for line in text.splitlines()), text)

    def test_the_summary_names_the_event_that_never_comes(self):
        faulty = [Fixture.ids[number] for number, fault in Fixture.faults.items() if fault == "timeout"]
        for reasons in self.explain(*[part for identity in faulty for part in ("--session-id", identity)], Fixture.mixed):
            self.assertRegex(
                reasons["summary"], r"^Line \d+, “gateway did not answer in <\*> ms”, never comes in normal behaviour, nor does “rolled back order <\*>” in line \d+\.")
            self.assertEqual(reasons["reason"], "gateway did not answer in <*> ms")

    def test_the_summary_names_first_what_the_reason_names(self):
        seen = set()
        for reasons in self.explain(Fixture.mixed):
            first = reasons["summary"].split(". ")[0]
            form, name = re.fullmatch(r"(missing: |\d+ × |)(.+?)(?: \(at most \d+\))?", reasons["reason"]).groups()
            seen.add(form)
            if name == "(end of session)":
                self.assertIn("It ends where", first)
            else:
                self.assertIn(f"“{name}”", first)
            self.assertEqual(form == "missing: ", "is missing" in first, reasons["summary"])
        self.assertIn("missing: ", seen)

    def test_what_was_likely_is_not_called_unexpected(self):
        # Each step is left out of some sessions of the mixed log, so that what follows it may be the likeliest of all.
        steps = ["received order", "validated basket", "reserved stock", "charged card", "packed parcel", "closed order"]
        logs = [self.folder / "normal.log", self.folder / "mixed.log"]
        for place, log in enumerate(logs):
            with open(log, "w", encoding="utf-8") as file:
                for number in range(400):
                    gone = steps[number // 10 % 4 + 1] if place and number % 10 == 0 else None
                    if place and number % 10 == 5:
                        gone = steps[3:]
                    stamp = f"2025-03-05 08:{number // 60:02d}:{number % 60:02d}"
                    file.writelines(
                        f"{stamp} INFO app: req-{10000 + 5000 * place + number} {step}\n" for step in steps
                        if not gone or step not in gone)
        model = self.folder / "m.birchlog"
        self.assert_success(run("train", "--normal", *logs, "--session", r"req-\d+", "-o", model, *QUICK))
        likely = 0
        for reasons in self.documents(run("explain", "-m", model, logs[1])):
            worst = reasons["evidence"][0]
            if "Expected was" in reasons["summary"]:
                self.assertLess(worst["probability"], worst["expected"][0]["probability"])
            if worst["rank"] == 1:
                likely += 1
                self.assertNotIn("was not expected", reasons["summary"])
                self.assertNotIn("It ends where", reasons["summary"])
        self.assertGreater(likely, 0)

    def test_an_object_in_a_log_of_text_is_a_line_like_others(self):
        # Without times, so that the object begins a record of its own.
        logs = [self.folder / "normal.log", self.folder / "mixed.log"]
        for source, log in zip((Fixture.normal, Fixture.mixed), logs):
            lines = source.read_text(encoding="utf-8").splitlines(True)
            log.write_text("".join(line.split(" ", 3)[3] for line in lines), encoding="utf-8")
        model = self.folder / "m.birchlog"
        self.assert_success(run("train", "--normal", *logs, "--session", SESSION, "-o", model, *QUICK))
        identity = Fixture.ids[5]
        lines = [line for line in logs[1].read_text(encoding="utf-8").splitlines(True) if identity in line]
        lines.insert(2, json.dumps({"request": identity, "message": "something else"}) + "\n")
        (reasons,) = self.documents(
            run("explain", "-m", model, "--session-id", identity, stdin="".join(lines).encode()))
        row = reasons["raw"]["lines"][2]
        self.assertIn("something else", row["text"])
        self.assertIsNone(row["message"])

    def test_of_a_line_that_does_not_fit_the_message_is_shown(self):
        normal, mixed = (self.folder / "normal.jsonl", self.folder / "mixed.jsonl")
        for log, records in ((Fixture.normal, normal), (Fixture.mixed, mixed)):
            with open(records, "w", encoding="utf-8") as file:
                for line in log.read_text(encoding="utf-8").splitlines():
                    stamp, _, _, key, text = line.split(" ", 4)
                    pod = {"namespace": "shop", "pod": "checkout-7d9f8b6c5d-x2x9q", "labels": {"app": "checkout"}}
                    file.write(json.dumps({"time": stamp, "kubernetes": pod, "request": key[1:-1], "msg": text}) + "\n")
        model = self.folder / "m.birchlog"
        self.assert_success(run("train", "--normal", normal, mixed, "--session-field", "request", "-o", model, *QUICK))
        identity = next(Fixture.ids[number] for number, fault in Fixture.faults.items() if fault == "timeout")
        for trained, log in ((model, mixed), (Fixture.model, Fixture.mixed)):
            result = run(
                "explain", "-m", trained, "--table", "--session-id", identity, log, environment={"COLUMNS": "60"})
            self.assert_success(result)
            shown = result.stdout.decode().split("  Lines\n")[1]
            self.assertRegex(shown, r"(?m)^    > +\d+  gateway did not answer in 3000 ms$")
            self.assertRegex(shown, r"(?m)^      +\d+  received order$")

    def test_a_window_names_no_line_outside_of_it(self):
        model = self.folder / "m.birchlog"
        self.assert_success(run(
            "train", "--normal", Fixture.normal, Fixture.mixed, "--option", "unit=window", "-o", model, *QUICK))
        text = run("explain", "-m", model, "--table", "--line", 300, Fixture.mixed).stdout.decode()
        first, last = map(int, re.search(r":(\d+)-(\d+) #", text).groups())
        self.assertTrue(first <= 300 <= last)
        self.assertIn("before the window", text)
        for section in ("Lines", "Attention"):
            part = text.split(f"  {section}\n")[1]
            named = [int(number) for number in re.findall(r"^ +>? *(\d+)  |on line (\d+)", part.split("\n  ")[0], re.M) for number in number if number]
            self.assertTrue(all(first <= number <= last for number in named), (section, named))

    def test_a_kind_that_was_merged_is_what_it_was_merged_into(self):
        model = self.folder / "m.birchlog"
        self.assert_success(run("kinds", "merge", "-m", Fixture.model, "k1", "k2", "-o", model))
        first, second = (run("explain", "-m", model, "--kind", kind, Fixture.mixed) for kind in ("k1", "k2"))
        self.assert_success(first)
        expected = [finding["session"] for finding in self.classified() if finding["kind"] in ("k1", "k2")]
        self.assertEqual([reasons["session"] for reasons in self.documents(first)], expected)
        self.assertEqual(second.stdout, first.stdout)

    def test_a_session_that_was_still_open_is_said_to_be(self):
        identity = Fixture.ids[5]
        lines = [line for line in Fixture.mixed.read_bytes().splitlines(True) if identity.encode() in line]
        words = "still open"
        late = lines[-1].replace(b"T08:", b"T22:").replace(identity.encode(), b"req-00000000")
        for log, is_open in ((b"".join(lines), True), (b"".join(lines) + late, False)):
            reasons = self.explain("--session-id", identity, stdin=log)[0]
            self.assertEqual((reasons.get("open", False), words in reasons["summary"]), (is_open, is_open))
            for verb in (["explain", "--session-id", identity], ["classify"]):
                table = run(verb[0], "-m", Fixture.model, "--table", *verb[1:], stdin=log).stdout.decode()
                row = next(line for line in table.splitlines() if line.startswith(identity))
                self.assertEqual("still open" in row, is_open, row)
                if verb[0] == "classify" and is_open:
                    self.assertTrue(table.endswith("1 session, 1 anomalous (100.0 %): k2 1; 1 of them still open\n"), table)

    def test_where_no_end_is_scored_nothing_is_said_of_it(self):
        model = self.folder / "m.birchlog"
        trained = run(
            "train", "--normal", Fixture.normal, Fixture.mixed, "--session", SESSION, "-o", model, "--option",
            "idle_seconds=100000", *QUICK)
        self.assert_success(trained)
        self.assertIn("  ends          not scored: 0 of 300 normal sessions ended before the input did\n", trained.stderr.decode())
        findings = self.documents(run("classify", "-m", model, Fixture.mixed))
        self.assertTrue(all(finding["open"] for finding in findings))
        self.assertTrue(any(finding["anomalous"] for finding in findings))
        self.assertEqual({kind["open_share"] for kind in json.loads(run("kinds", "-m", model, "--json").stdout)["kinds"]}, {None})
        self.assertNotIn("still open", run("classify", "-m", model, "--table", Fixture.mixed).stdout.decode())
        explained = run("explain", "-m", model, "--table", Fixture.mixed).stdout.decode()
        self.assertNotIn("anomalous  still open", explained)
        self.assertNotIn("its end was not judged", explained)

    def test_what_does_not_exist_is_told(self):
        self.assert_refused(run("explain", "-m", Fixture.model, "--session-id", "nobody", Fixture.mixed), 2, "None of the 120")
        self.assert_refused(run("explain", "-m", Fixture.model, "--unit", "0", Fixture.mixed), 2, "--unit")
        self.assert_refused(run("explain", "-m", Fixture.model, "--line", "0", Fixture.mixed), 2, "--line counts from 1")
        self.assert_refused(run("explain", "-m", Fixture.model, "--kind", "k99", Fixture.mixed), 2, '"k99"', "k0, k1, k2")
        self.assert_refused(run("explain", "-m", Fixture.model, "--kind", "unknown", Fixture.mixed), 2, "None of the 120")
        result = run("explain", "-m", Fixture.model, Fixture.normal)
        self.assert_success(result)
        for line in result.stdout.splitlines():
            self.assertTrue(json.loads(line)["anomalous"])

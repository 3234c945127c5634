"""Verdicts as others script them."""

import json
import math
import signal
import subprocess

from support import COMMAND, SESSION, Fixture, ModelTest, run, write_log


class ClassifyTest(ModelTest):
    def classify(self, *arguments, **keywords):
        result = run("classify", "-m", Fixture.model, *arguments, **keywords)
        self.assert_success(result)
        return self.documents(result)

    def test_every_unit_comes_out_once_with_the_promised_fields(self):
        findings = self.classify(Fixture.mixed)
        self.assertEqual(sorted(finding["session"] for finding in findings), sorted(Fixture.ids))
        lines = Fixture.mixed.read_text().splitlines()
        for finding in findings:
            self.assertIsInstance(finding["anomalous"], bool)
            for key in ("score", "threshold", "confidence"):
                self.assertIsInstance(finding[key], (int, float))
                self.assertTrue(math.isfinite(finding[key]))
            self.assertTrue(0 <= finding["confidence"] <= 1)
            self.assertEqual(finding["anomalous"], finding["score"] > finding["threshold"])
            self.assertRegex(finding["kind"], r"^(k\d+|unknown)$")
            self.assertTrue(finding["name"] is None or isinstance(finding["name"], str))
            self.assertNotIn("window", finding)
            first, last = finding["lines"]
            self.assertTrue(1 <= first <= last <= len(lines))
            self.assertIn(finding["session"], lines[first - 1])
            self.assertIn(finding["session"], lines[last - 1])

    def test_the_injected_faults_are_found_and_explained(self):
        by_session = {finding["session"]: finding for finding in self.classify(Fixture.mixed)}
        for number, fault in Fixture.faults.items():
            if fault == "timeout":
                finding = by_session[Fixture.ids[number]]
                self.assertTrue(finding["anomalous"])
                self.assertTrue(finding["evidence"])
        normal = [by_session[identity] for number, identity in enumerate(Fixture.ids) if number not in Fixture.faults]
        alarms = sum(finding["anomalous"] for finding in normal)
        self.assertLessEqual(alarms, len(normal) * 0.1)

    def test_a_line_that_training_never_saw_is_shown(self):
        log = self.folder / "new.log"
        write_log(log, 30, seed=5)
        lines = log.read_text().splitlines()
        session = next(line.split("[")[1].split("]")[0] for line in lines)
        place = next(number for number, line in enumerate(lines) if session in line) + 1
        lines.insert(place, f"{lines[place - 1].split(' ')[0]} ERROR shop [{session}] write failed: No space left on device")
        log.write_text("\n".join(lines) + "\n")
        for stdin in (b"", log.read_bytes()):
            findings = self.classify(*([] if stdin else [log]), stdin=stdin)
            finding = next(f for f in findings if f["session"] == session)
            self.assertTrue(finding["anomalous"])
            self.assertIn("write failed: No space left on device", [e["template"] for e in finding["evidence"]])
            self.assertTrue(finding["unseen"])
        table = run("classify", "-m", Fixture.model, "--table", log)
        self.assertIn(b"write failed", table.stdout)
        explained = run("explain", "-m", Fixture.model, "--table", log, "--session-id", session)
        self.assert_success(explained)
        self.assertIn(b"write failed: No space left on device", explained.stdout)
        page = self.folder / "page.html"
        self.assert_success(run("report", "-m", Fixture.model, log, "-o", page))
        self.assertIn("write failed: No space", page.read_text())

    def test_the_table_names_what_is_missing(self):
        table = run("classify", "-m", Fixture.model, "--table", Fixture.mixed, environment={"COLUMNS": "160"})
        self.assert_success(table)
        self.assertIn(b"missing: ", table.stdout)

    def test_standard_input_gives_the_same_verdicts_as_a_file(self):
        from_file = self.classify(Fixture.mixed)
        from_pipe = self.classify(stdin=Fixture.mixed.read_bytes())
        explicit = self.classify("-", stdin=Fixture.mixed.read_bytes())

        def verdicts(findings):
            return [(f["session"], f["kind"], f["score"], f["lines"]) for f in findings]

        self.assertEqual(verdicts(from_file), verdicts(from_pipe))
        self.assertEqual(verdicts(from_pipe), verdicts(explicit))

    def test_the_same_input_gives_the_same_bytes_for_any_number_of_threads(self):
        one = run("classify", "-m", Fixture.model, Fixture.mixed, "--threads", "1")
        two = run("classify", "-m", Fixture.model, Fixture.mixed, "--threads", "2")
        self.assert_success(one)
        self.assertEqual(one.stdout, two.stdout)

    def test_fail_on_anomaly_gives_status_1_only_when_there_is_one(self):
        result = run("classify", "-m", Fixture.model, "--fail-on-anomaly", Fixture.mixed)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, b"")
        self.assertEqual(len(result.stdout.splitlines()), len(Fixture.ids))
        quiet = self.folder / "quiet.log"
        lines = Fixture.mixed.read_text().splitlines()
        normal = next(f for f in self.classify(Fixture.mixed) if not f["anomalous"] and not f.get("open"))
        quiet.write_text("".join(line + "\n" for line in lines if normal["session"] in line))
        self.assertEqual(run("classify", "-m", Fixture.model, "--fail-on-anomaly", quiet).returncode, 0)

    def test_fail_on_anomaly_does_not_call_fine_what_it_could_not_read(self):
        for name, content in (("other.log", b'{"message":"started"}\n' * 100), ("empty.log", b"")):
            path = self.folder / name
            path.write_bytes(content)
            result = run("classify", "-m", Fixture.model, "--fail-on-anomaly", path)
            self.assertEqual(result.returncode, 3, result.stderr)
            self.assertIn(b"could be judged", result.stderr)

    def test_the_table_says_what_decided(self):
        log = self.folder / "odd.log"
        stamp = "2025-03-05T08:00:00.000Z INFO shop"
        usual = ["received order", "validated order 12", "reserved 3 items", "authorised payment 7", "stored order 12", "sent answer 201"]
        often = usual[:3] + ["reserved 4 items"] * 14 + usual[3:]
        without = [line for line in usual if not line.startswith("stored")]
        for lines, reason in ((often, "15 × reserved <*> items (at most 3)"), (without, "missing: stored order")):
            # The next request comes much later, so that the first is not taken for one that goes on.
            later = "2025-03-05T08:10:00.000Z INFO shop [req-00000002] received order\n"
            log.write_text("".join(f"{stamp} [req-00000001] {line}\n" for line in lines) + later)
            result = run("classify", "-m", Fixture.model, "--table", log, environment={"COLUMNS": "160"})
            self.assertIn(reason, result.stdout.decode())
            self.assertNotIn("(open)", result.stdout.decode())

    def test_a_reader_that_leaves_is_no_error_worth_a_word(self):
        log = self.folder / "long.log"
        write_log(log, 3000, seed=9)
        process = subprocess.Popen(
            [COMMAND, "classify", "-m", str(Fixture.model), str(log)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.stdout.close()
        error = process.stderr.read()
        process.stderr.close()
        status = process.wait(timeout=120)
        self.assertEqual(error, b"")
        self.assertIn(status, (0, -signal.SIGPIPE, 128 + signal.SIGPIPE))

    def test_a_full_disk_is_told(self):
        with open("/dev/full", "wb") as full:
            result = subprocess.run(
                [COMMAND, "classify", "-m", str(Fixture.model), str(Fixture.mixed)], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(result.returncode, 3)
        self.assertIn(b"birchlog: ", result.stderr)

    def test_the_session_expression_can_be_overridden(self):
        log = self.folder / "other.log"
        log.write_text(Fixture.mixed.read_text().replace("[req-", "[job="))
        result = run("classify", "-m", Fixture.model, "--session", r"job=(\w+)", log)
        self.assert_success(result)
        sessions = {finding["session"] for finding in self.documents(result)}
        self.assertEqual(sessions, {identity.removeprefix("req-") for identity in Fixture.ids})

    def test_sequences_without_ids_are_named_by_their_line(self):
        normal = self.folder / "normal.seq"
        normal.write_text("".join(("1 2 3 4\n", "1 2 2 3 4\n", "1 3 2 4\n")[n % 3] for n in range(150)))
        model = self.folder / "seq.birchlog"
        self.assert_success(
            run("train", "--normal", normal, "-o", model, "--option", "hidden_size=16", "--option", "epochs=8"))
        odd = self.folder / "odd.seq"
        odd.write_text("1 2 3 4\n4 3 2 1 1 1\n")
        findings = self.documents(run("classify", "-m", model, odd))
        self.assertEqual([finding["session"] for finding in findings], ["1", "2"])
        self.assertEqual([finding["anomalous"] for finding in findings], [False, True])

    def test_windows_carry_their_position(self):
        model = self.folder / "w.birchlog"
        self.assert_success(
            run(
                "train", "--normal", Fixture.normal, "--session", SESSION, "--unit", "window", "--window", "4", "-o", model,
                "--option", "hidden_size=16", "--option", "epochs=4"))
        findings = self.documents(run("classify", "-m", model, Fixture.mixed))
        self.assertTrue(findings)
        for finding in findings:
            self.assertIsInstance(finding["window"], int)

    def test_every_line_is_json_of_its_own(self):
        result = run("classify", "-m", Fixture.model, Fixture.mixed)
        for line in result.stdout.splitlines():
            self.assertIsInstance(json.loads(line), dict)

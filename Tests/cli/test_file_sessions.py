"""Logs in which each file is a session: jobs, backups, batch runs."""

import json
import random
import signal
import subprocess
import time

from support import COMMAND, QUICK, CommandTest, run


def job(number, fault=None):
    """The lines of one job; with "lost" it stops in the middle, with "full" a disk fills up."""
    draw = random.Random(number)
    texts = [f"Starting job {number} on runner {draw.randint(1, 9)}", "Fetching sources"]
    texts += [f"Copied part {part} of 12 MB" for part in range(draw.randint(4, 9))]
    if fault == "full":
        texts += ["No space left on device /dev/sda1", "Job failed with exit code 1"]
    elif fault != "lost":
        texts += [f"Checked {draw.randint(100, 900)} parts", "Job succeeded"]
    # The pause in the middle is longer than the time after which a session is idle.
    return "".join(
        f"2025-03-{1 + number // 24:02d}T{number % 24:02d}:{10 + step + (15 if step > 3 else 0):02d}:00Z {text}\n"
        for step, text in enumerate(texts))


class FileSessionTest(CommandTest):
    faults = {7: "lost", 19: "full", 33: "full"}

    def setUp(self):
        super().setUp()
        self.model = self.folder / "jobs.birchlog"
        self.paths = []
        for number in range(48):
            path = self.folder / f"job-{100 + number}.log"
            path.write_text(job(number, self.faults.get(number)))
            self.paths.append(path)

    def train(self, *arguments):
        result = run("train", *self.paths, *arguments, "-o", self.model, *QUICK)
        self.assert_success(result)
        return result

    def train_clean(self):
        """Trains on the jobs without fault."""
        clean = [path for number, path in enumerate(self.paths) if number not in self.faults]
        result = run(
            "train", *[part for path in clean for part in ("--normal", path)], "--unit", "file", "-o", self.model, *QUICK)
        self.assert_success(result)
        return result

    def found(self, *arguments):
        result = run("classify", "-m", self.model, *arguments)
        self.assert_success(result)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def test_each_file_is_a_session_that_ends_with_it(self):
        self.assertIn("each file is one", self.train_clean().stderr.decode())
        findings = self.found(*self.paths)
        self.assertEqual([finding["session"] for finding in findings], [str(path) for path in self.paths])
        self.assertTrue(all("open" not in finding for finding in findings))
        anomalous = {number for number, finding in enumerate(findings) if finding["anomalous"]}
        self.assertEqual(anomalous, set(self.faults))
        self.assertEqual(findings[7]["lines"][0], 1)

    def test_files_that_look_like_sessions_are_told_of(self):
        told = '"unit": "file"'
        warning = self.train().stderr.decode()
        self.assertIn(told, warning)
        self.assertIn("48 of the 48 files begin alike", warning)
        self.assertIn("Starting job", warning)
        self.assertIn("45 end alike", warning)
        self.assertNotIn(told, self.train("--unit", "window").stderr.decode())

    def test_pieces_of_one_log_are_not_told_of(self):
        lines = [f"2025-03-05T08:00:{n % 60:02d}Z step {n % 4} of {n % 7}\n" for n in range(4000)]
        self.paths = []
        for number in range(5):
            path = self.folder / f"service.log.{number}"
            path.write_text("".join(lines[number * 800:(number + 1) * 800]))
            self.paths.append(path)
        self.assertNotIn('"unit": "file"', self.train().stderr.decode())

    def test_what_else_makes_sessions_contradicts(self):
        for option in (["--session", "job"], ["--session-field", "host"], ["--option", "gap_seconds=9"],
                       ["--format", "sequences"]):
            refused = run("train", *self.paths, "--unit", "file", *option, "-o", self.model, *QUICK)
            self.assert_refused(refused, 2, '"unit": "file"', "leave one of them out")
        self.train("--unit", "file")
        refused = run("classify", "-m", self.model, "--session", "job", self.paths[0])
        self.assert_refused(refused, 2, '"unit": "file"', "leave one of them out")
        before = self.model.read_bytes()
        for command in ("update", "refit"):
            refused = run(command, "-m", self.model, *self.paths[:9], "--session", "job", "-o", self.model)
            self.assert_refused(refused, 2, '"unit": "file"', 'leave out "session" here, or train anew')
            self.assertEqual(self.model.read_bytes(), before)

    def test_a_file_without_a_line_is_warned_of(self):
        self.train_clean()
        empty = [self.folder / f"empty-{number}.log" for number in range(4)]
        for path, text in zip(empty, ("", "", "\n\n", "")):
            path.write_text(text)
        one = run("classify", "-m", self.model, self.paths[0], empty[2])
        self.assert_success(one)
        self.assertIn(f"warning: {empty[2]} holds no lines, so there is no finding on it", one.stderr.decode())
        self.assertEqual(len(one.stdout.splitlines()), 1)
        alone = run("classify", "-m", self.model, empty[2])
        self.assertEqual((alone.stdout, len(alone.stderr.splitlines())), (b"", 1), alone.stderr)
        several = run("classify", "-m", self.model, *empty, self.paths[1])
        self.assertIn(f"4 files hold no lines ({empty[0]}, {empty[1]}, {empty[2]}, …)", several.stderr.decode())
        self.assertNotIn(b"hold", run("classify", "-m", self.model, *self.paths[:2]).stderr)

    def test_a_followed_file_is_a_session_until_it_is_replaced(self):
        self.train_clean()
        log, output, counts = (self.folder / name for name in ("job.log", "found.jsonl", "counts.json"))
        log.write_text(job(60, "full"))
        process = subprocess.Popen(
            [COMMAND, "watch", "-m", str(self.model), "job.log", "-o", "found.jsonl", "--interval", "0.05",
             "--statistics", "counts.json"],
            cwd=self.folder, stderr=subprocess.PIPE)
        self.addCleanup(lambda: (process.poll() is None and process.kill(), process.wait(), process.stderr.close()))

        def finals():
            if not output.exists():
                return []
            lines = [json.loads(line) for line in output.read_text().splitlines() if line.endswith("}")]
            return [finding for finding in lines if finding["final"]]

        def wait_for(condition):
            deadline = time.monotonic() + 60
            while not condition():
                self.assertIsNone(process.poll())
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.02)

        def lines_seen():
            return json.loads(counts.read_text())["lines"] if counts.exists() else 0

        written = job(60, "full").count("\n")
        wait_for(lambda: lines_seen() == written)
        self.assertEqual(finals(), [])
        for number, fault in ((61, None), (62, "lost"), (63, None)):
            log.rename(self.folder / "job.log.1")
            log.write_text(job(number, fault))
            written += job(number, fault).count("\n")
            wait_for(lambda: len(finals()) == number - 60 and lines_seen() == written)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), 0)
        found = finals()
        self.assertEqual([finding["session"] for finding in found], ["job.log"] * 4)
        self.assertEqual([finding["anomalous"] for finding in found], [True, False, True, False])
        self.assertEqual(found[1]["events"], job(61).count("\n"))
        # The file that was followed when watch was stopped may grow on.
        self.assertEqual(["open" in finding for finding in found], [False, False, False, True])

    def test_sessions_parted_by_time_end_alike_in_training_and_classification(self):
        self.train("--option", "gap_seconds=1800")
        described = json.loads(run("inspect", "-m", self.model, "--json").stdout)
        still_open = [finding for finding in self.found(*self.paths) if finding.get("open")]
        self.assertEqual(described["units"]["ended"], len(self.paths) - 1)
        self.assertEqual([finding["session"].split(":")[0] for finding in still_open], [str(self.paths[-1])])

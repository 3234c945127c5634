"""Following a log: early and final findings, rotation, snapshots, kills, counts."""

import gzip
import json
import os
import random
import re
import signal
import subprocess
import threading
import time

from support import COMMAND, QUICK, Fixture, ModelTest, run, write_log

PATIENCE = 60


def finals(text):
    return sorted(line for line in text.splitlines() if b'"final":true' in line)


class WatchTest(ModelTest):
    def setUp(self):
        super().setUp()
        self.log = self.folder / "service.log"
        self.output = self.folder / "findings.jsonl"
        self.state = self.folder / "state"

    def command(self, *arguments):
        return [COMMAND, "watch", "-m", str(Fixture.model), *map(str, arguments)]

    def start(self, *arguments, **keywords):
        process = subprocess.Popen(
            self.command(*arguments), cwd=self.folder, stderr=subprocess.PIPE, **keywords)
        self.addCleanup(lambda: (process.poll() is None and process.kill(), process.wait(), process.stderr.close()))
        return process

    def watch(self, *arguments, **keywords):
        result = run("watch", "-m", Fixture.model, *arguments, cwd=self.folder, **keywords)
        self.assert_success(result)
        return result

    def classified(self, content):
        """The findings of batch classification on a file of the same name with this content."""
        folder = self.folder / "batch"
        folder.mkdir(exist_ok=True)
        (folder / "service.log").write_bytes(content)
        result = run("classify", "-m", Fixture.model, "service.log", cwd=folder)
        self.assert_success(result)
        return sorted(result.stdout.splitlines())

    def wait_for(self, condition, process):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertIsNone(process.poll(), "watch ended by itself")
            self.assertLess(time.monotonic(), deadline, "nothing came of it")
            time.sleep(0.02)

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 0, process.stderr.read())

    def lines_seen(self, path):
        try:
            return json.loads(path.read_text())["lines"]
        except FileNotFoundError:
            return 0


class Findings(WatchTest):
    def test_final_findings_are_those_of_classification_to_the_byte(self):
        self.log.write_bytes(Fixture.mixed.read_bytes())
        result = self.watch("service.log", "--no-follow")
        self.assertEqual(finals(result.stdout), self.classified(self.log.read_bytes()))
        piped = self.watch(stdin=self.log.read_bytes())
        batch = run("classify", "-m", Fixture.model, stdin=self.log.read_bytes())
        self.assertEqual(finals(piped.stdout), sorted(batch.stdout.splitlines()))

    def test_windows_are_those_of_classification_to_the_byte(self):
        model = self.folder / "windows.birchlog"
        self.assert_success(run("train", "--unit", "window", "--normal", Fixture.normal, Fixture.mixed, "-o", model, *QUICK))
        self.log.write_bytes(Fixture.mixed.read_bytes())
        watched = run("watch", "-m", model, "service.log", "--no-follow", cwd=self.folder)
        batch = run("classify", "-m", model, "service.log", cwd=self.folder)
        self.assert_success(watched)
        found = finals(watched.stdout)
        self.assertEqual(found, sorted(batch.stdout.splitlines()))
        self.assertEqual([len(found)], [-(-len(self.log.read_bytes().splitlines()) // 10)])
        self.assertTrue(any(b'"anomalous":true' in line for line in found))

    def test_a_line_of_several_sessions_goes_to_each_as_in_classification(self):
        lines = Fixture.mixed.read_bytes().splitlines(True)
        for index in range(10, len(lines), 10):
            lines[index] = lines[index].rstrip(b"\n") + b" after [" + Fixture.ids[index % 50].encode() + b"]\n"
        self.log.write_bytes(b"".join(lines))
        result = self.watch("service.log", "--no-follow", "--statistics", "counts.json")
        self.assertEqual(finals(result.stdout), self.classified(self.log.read_bytes()))
        counts = json.loads((self.folder / "counts.json").read_text())
        self.assertEqual(counts["assigned"], len(lines))

    def test_a_stream_of_what_gzip_holds_equals_classification_of_the_compressed_file(self):
        content = Fixture.mixed.read_bytes()
        packed = self.folder / "service.log.gz"
        packed.write_bytes(gzip.compress(content))
        batch = run("classify", "-m", Fixture.model, packed)
        piped = self.watch(stdin=content)
        unpack = lambda lines: sorted(re.sub(rb'"source":"[^"]*",?', b"", line) for line in lines)
        self.assertEqual(unpack(finals(piped.stdout)), unpack(batch.stdout.splitlines()))

    def test_an_early_finding_comes_before_the_final_one_and_agrees_with_it(self):
        findings = self.documents(self.watch(Fixture.mixed, "--no-follow"))
        place = {finding["session"]: index for index, finding in enumerate(findings) if finding["final"]}
        early = [(index, finding) for index, finding in enumerate(findings) if not finding["final"]]
        self.assertTrue(early)
        self.assertEqual(len({finding["session"] for _, finding in early}), len(early), "one for each session")
        for index, finding in early:
            end = findings[place[finding["session"]]]
            self.assertLess(index, place[finding["session"]])
            self.assertTrue(finding["anomalous"] and end["anomalous"])
            self.assertLessEqual(finding["lines"][1], end["lines"][1])
            self.assertEqual(finding["missing"], [])

    def test_a_kind_is_named_before_the_last_of_its_telling_events_has_come(self):
        # Behind the line that tells comes another that normal behaviour never showed.
        findings = self.documents(self.watch(Fixture.mixed, "--no-follow"))
        faulty = {Fixture.ids[number] for number, fault in Fixture.faults.items() if fault == "timeout"}
        kinds = {finding["kind"] for finding in findings if finding["final"] and finding["session"] in faulty}
        early = [finding for finding in findings if not finding["final"] and finding["session"] in faulty]
        self.assertEqual({finding["session"] for finding in early}, faulty)
        self.assertEqual({finding["reason"] for finding in early}, {"gateway did not answer in <*> ms"})
        self.assertEqual(len(kinds), 1)
        self.assertEqual({finding["kind"] for finding in early}, kinds)

    def test_an_early_finding_does_not_wait_for_more_lines(self):
        process = self.start(stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write(b"2025-03-05T08:00:00.000Z INFO shop [req-00000001] gateway melted down\n")
        process.stdin.flush()
        finding = json.loads(process.stdout.readline())
        self.assertEqual((finding["session"], finding["final"]), ("req-00000001", False))
        process.stdin.close()
        self.assertTrue(json.loads(process.stdout.readline())["final"])
        self.assertEqual(process.wait(PATIENCE), 0)
        process.stdout.close()

    def test_silence_for_long_enough_ends_what_is_open(self):
        self.log.write_bytes(b"".join(Fixture.mixed.read_bytes().splitlines(True)[:1]))
        process = self.start(
            "service.log", "-o", "findings.jsonl", "--option", "idle_seconds=0.3")
        self.wait_for(lambda: self.output.exists() and b'"final":true' in self.output.read_bytes(), process)
        self.stop(process)
        self.assertNotIn(b'"open":true', b"".join(finals(self.output.read_bytes())))


class Following(WatchTest):
    def follow(self, change):
        """Writes a log in pieces; `change` is called in the middle. Returns all that was written and found."""
        lines = Fixture.mixed.read_bytes().splitlines(True)
        counts = self.folder / "counts.json"
        self.log.write_bytes(b"".join(lines[:200]) + lines[200][:11])
        process = self.start(
            "service.log", "-o", "findings.jsonl", "--statistics", "counts.json", "--interval", "0.02")
        self.wait_for(lambda: self.lines_seen(counts) == 200, process)
        with open(self.log, "ab") as file:
            file.write(lines[200][11:] + b"".join(lines[201:400]))
        self.wait_for(lambda: self.lines_seen(counts) == 400, process)
        change(lines, process, counts)
        self.wait_for(lambda: self.lines_seen(counts) == len(lines), process)
        self.stop(process)
        self.assertEqual(finals(self.output.read_bytes()), self.classified(b"".join(lines)))
        return json.loads(counts.read_text())["watch"]

    def test_a_growing_file_is_followed(self):
        def change(lines, process, counts):
            with open(self.log, "ab") as file:
                file.write(b"".join(lines[400:]))

        self.assertEqual(self.follow(change)["rotations"], 0)

    def test_a_renamed_file_is_read_to_its_end_before_the_new_one(self):
        def change(lines, process, counts):
            old = open(self.log, "ab")
            self.log.rename(self.folder / "service.log.1")
            self.log.write_bytes(b"")
            # The writer has not noticed yet.
            old.write(b"".join(lines[400:500]))
            old.close()
            self.wait_for(lambda: self.lines_seen(counts) == 500, process)
            with open(self.log, "ab") as file:
                file.write(b"".join(lines[500:]))

        self.assertEqual(self.follow(change)["rotations"], 1)

    def test_a_file_that_is_cut_to_nothing_is_begun_anew(self):
        def change(lines, process, counts):
            self.log.write_bytes(b"".join(lines[400:450]))
            self.wait_for(lambda: self.lines_seen(counts) == 450, process)
            with open(self.log, "ab") as file:
                file.write(b"".join(lines[450:]))

        self.assertEqual(self.follow(change)["rotations"], 1)

    def test_a_named_pipe_outlives_its_writers(self):
        os.mkfifo(self.folder / "pipe")
        counts = self.folder / "counts.json"
        lines = Fixture.mixed.read_bytes().splitlines(True)
        process = self.start("pipe", "-o", "findings.jsonl", "--statistics", "counts.json", "--interval", "0.02")
        for part in (lines[:300], lines[300:]):
            with open(self.folder / "pipe", "wb") as file:
                file.write(b"".join(part))
        self.wait_for(lambda: self.lines_seen(counts) == len(lines), process)
        self.stop(process)
        self.assertEqual(len(finals(self.output.read_bytes())), len(Fixture.ids))

    def test_a_reader_that_does_not_read_holds_the_writer_up(self):
        process = self.start(stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        # Every line is a session of its own that has no like: findings outgrow any pipe.
        line = b"2025-03-05T08:00:00.000Z INFO shop [req-%08x] gateway melted down\n"
        written = []

        def write():
            with process.stdin:
                for number in range(40_000):
                    process.stdin.write(line % number)
                    written.append(number)

        writer = threading.Thread(target=write)
        writer.start()
        before = -1
        while len(written) != before:
            before = len(written)
            time.sleep(1)
        self.assertLess(before, 40_000, "the writer waits for the reader")
        with open(f"/proc/{process.pid}/statm", encoding="ascii") as file:
            memory = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        self.assertLess(memory, 64 << 20)
        found = process.stdout.read().splitlines()
        writer.join()
        self.assertEqual(process.wait(PATIENCE), 0)
        process.stdout.close()
        self.assertEqual(len(finals(b"\n".join(found))), 40_000)


class Snapshots(WatchTest):
    def test_killed_two_hundred_times_it_writes_every_finding_once(self):
        write_log(self.log, 900, {number: "timeout" for number in range(0, 900, 9)}, seed=6)
        content = self.log.read_bytes()
        whole = self.watch("service.log", "--no-follow").stdout
        generator = random.Random(3)
        self.log.write_bytes(b"")
        options = ("service.log", "-o", "findings.jsonl", "--state", "state", "--interval", "0.002")
        written = 0
        places = set()
        torn = 0
        # The moment of death is drawn from a span that follows the machine's speed, so that about every second run gets to a snapshot.
        span = 0.06
        for number in range(200):
            # The log grows while the process is down and while it runs; pieces end anywhere.
            for _ in range(2):
                piece = content[written : written + generator.randrange(2 * len(content) // 400)]
                with open(self.log, "ab") as file:
                    file.write(piece)
                written += len(piece)
                if _ == 0:
                    process = self.start(*options)
            time.sleep(generator.random() * span)
            process.kill()
            process.wait()
            self.assertEqual(process.stderr.read(), b"")
            if self.output.exists():
                torn += not self.output.read_bytes().endswith(b"\n")
            known = len(places)
            if self.state.exists():
                places.add(re.search(rb'"offset":(\d+)', self.state.read_bytes()).group(1))
            span *= 0.95 if len(places) > known else 1.1
        with open(self.log, "ab") as file:
            file.write(content[written:])
        self.assertGreater(len(places), 40, "runs went on from snapshots of other runs")
        self.watch(*options, "--no-follow")
        self.assertEqual(self.output.read_bytes(), whole)

    def test_a_stopped_watch_goes_on_where_it_was_through_a_rotation(self):
        lines = Fixture.mixed.read_bytes().splitlines(True)
        self.log.write_bytes(b"".join(lines[:300]))
        counts = self.folder / "counts.json"
        options = ("service.log", "-o", "findings.jsonl", "--state", "state", "--statistics", "counts.json")
        process = self.start(*options, "--interval", "0.02")
        self.wait_for(lambda: self.lines_seen(counts) == 300, process)
        self.stop(process)
        with open(self.log, "ab") as file:
            file.write(b"".join(lines[300:400]))
        self.log.rename(self.folder / "service.log.1")
        self.log.write_bytes(b"".join(lines[400:]))
        process = self.start(*options, "--interval", "0.02")
        self.wait_for(lambda: self.lines_seen(counts) == len(lines), process)
        self.stop(process)
        self.watch(*options, "--no-follow")
        self.assertEqual(finals(self.output.read_bytes()), self.classified(b"".join(lines)))

    def test_a_damaged_snapshot_is_put_aside_with_a_warning(self):
        self.log.write_bytes(Fixture.mixed.read_bytes())
        options = ("service.log", "--no-follow", "--state", "state")
        expected = self.watch(*options).stdout
        for content in (b"", b"birchlog snapshot 1\n", self.state.read_bytes()[:-1], b"\0" * 1000):
            self.state.write_bytes(content)
            result = self.watch(*options)
            self.assertEqual(result.stdout, expected, "the log is read from its beginning")
            warning = result.stderr.decode()
            self.assertIn("damaged", warning)
            aside = re.search(r"aside as (\S+),", warning).group(1)
            self.assertEqual((self.folder / aside).read_bytes(), content)
        self.assertEqual(self.watch(*options).stdout, b"", "all of it was read")

    def test_a_snapshot_of_another_model_is_put_aside(self):
        self.log.write_bytes(Fixture.mixed.read_bytes())
        self.watch("service.log", "--no-follow", "--state", "state")
        other = self.folder / "other.birchlog"
        self.assert_success(
            run("train", "--normal", Fixture.normal, "-o", other, "--session", r"\[(\S+)\]", "--option", "header=none",
                "--option", "hidden_size=8", "--option", "epochs=1", "--threads", "1"))
        result = run("watch", "-m", other, "service.log", "--no-follow", "--state", "state", cwd=self.folder)
        self.assert_success(result)
        self.assertIn(b"another model", result.stderr)
        self.assertTrue((self.folder / "state.damaged").exists())


class Counts(WatchTest):
    def test_counts_add_up_and_prometheus_tells_the_same(self):
        self.log.write_bytes(Fixture.mixed.read_bytes() + b"a line without a key\n" + b"x" * (2**20 + 5) + b"\n")
        result = self.watch(
            "service.log", "--no-follow", "--statistics", "counts.json", "--prometheus", "counts.prom")
        counts = json.loads((self.folder / "counts.json").read_text())
        self.assertEqual(counts["lines"], len(self.log.read_bytes().splitlines()))
        self.assertEqual(counts["lines"], counts["assigned"] + counts["unassigned"])
        self.assertEqual(counts["unassigned"], 2)
        self.assertEqual(counts["watch"]["cut_lines"], 1)
        findings = self.documents(result)
        self.assertEqual(counts["findings"], sum(finding["final"] for finding in findings))
        self.assertEqual(counts["early_findings"], sum(not finding["final"] for finding in findings))
        self.assertEqual(
            sum(counts["anomalies"].values()), sum(finding["final"] and finding["anomalous"] for finding in findings))
        text = (self.folder / "counts.prom").read_text()
        samples = {}
        declared = set()
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                declared.add(line.split()[2])
            elif not line.startswith("#"):
                match = re.fullmatch(r'([a-z_]+)((?:\{[a-z_]+="[^"]*"\})?) (-?[0-9.e+-]+)', line)
                self.assertIsNotNone(match, line)
                self.assertIn(match.group(1), declared)
                samples[match.group(1) + match.group(2)] = float(match.group(3))
        self.assertEqual(samples["birchlog_lines_total"], counts["lines"])
        self.assertEqual(samples["birchlog_findings_total"], counts["findings"])
        self.assertEqual(samples["birchlog_lag_bytes"], 0)
        for kind, count in counts["anomalies"].items():
            self.assertEqual(samples[f'birchlog_anomalies_total{{kind="{kind}"}}'], count)

    def test_drift_is_told_of_a_log_that_changed_and_of_no_other(self):
        def drift(content, told):
            self.log.write_bytes(content)
            errors = self.watch("service.log", "--no-follow", "--statistics", "counts.json", "--prometheus", "counts.prom").stderr
            self.assertEqual(errors.count(b"has moved away from what the model learned"), told)
            self.assertEqual(errors.count(b"--normal CLEAN service.log"), told)
            return json.loads((self.folder / "counts.json").read_text())["drift"], (self.folder / "counts.prom").read_text()

        write_log(self.log, 400, seed=9)
        usual, text = drift(self.log.read_bytes(), told=0)
        self.assertEqual((usual["drifted"], usual["units"]), (False, 400))
        self.assertIn("\nbirchlog_drift 0\n", text)
        changed, text = drift(self.log.read_bytes().replace(b"validated order 12", b"checked basket and voucher"), told=1)
        self.assertTrue(changed["drifted"])
        self.assertLess(changed["since_unit"], 400)
        self.assertIn("\nbirchlog_drift 1\n", text)

    def test_a_compressed_log_is_refused(self):
        packed = self.folder / "service.log.gz"
        packed.write_bytes(gzip.compress(Fixture.mixed.read_bytes()))
        self.assert_refused(
            run("watch", "-m", Fixture.model, packed, "--no-follow", "-o", self.output), 3, f"gzip -dc {packed}")
        self.assertEqual(self.output.read_bytes(), b"")

    def test_lines_without_a_key_are_told_once(self):
        for count in (3, 1500):
            self.log.write_text("2025-03-05 08:10:11 INFO app: nothing to do\n" * count)
            result = self.watch("service.log", "--no-follow")
            told = re.findall(rb"None of the (\d+) lines has a session key", result.stderr)
            self.assertEqual(told, [b"%d" % min(count, 1000)])
        self.log.write_bytes(Fixture.mixed.read_bytes())
        self.assertNotIn(b"session key", self.watch("service.log", "--no-follow").stderr)

    def test_what_cannot_be_followed_is_told_in_a_sentence(self):
        self.assert_refused(
            run("watch", "-m", Fixture.model, self.folder / "no" / "such.log", "--no-follow"), 3, "such.log")
        self.assert_refused(run("watch", "-m", Fixture.model, self.folder, "--no-follow"), 3, self.folder)
        self.assert_refused(
            run("watch", "-m", Fixture.model, Fixture.mixed, "--state", self.folder / "no" / "state"), 3, "folder")

"""The files that a watch writes: whose they are, who else may write them, and what happens when that fails."""

import json
import os
import signal
import subprocess
import time

from support import COMMAND, Fixture, run
from test_watch import PATIENCE, WatchTest, finals


class FindingsOfASnapshot(WatchTest):
    def setUp(self):
        super().setUp()
        self.lines = Fixture.mixed.read_bytes().splitlines(True)
        self.log.write_bytes(b"".join(self.lines[:300]))

    def go_on(self, output, status=0):
        """Runs on from the snapshot over the rest of the log."""
        self.log.write_bytes(b"".join(self.lines))
        result = run(
            "watch", "-m", Fixture.model, "service.log", "--no-follow", "--state", "state", "-o", output, cwd=self.folder)
        self.assertEqual(result.returncode, status, result.stderr)
        return result

    def stop_in_the_middle(self):
        process = self.start("service.log", "--state", "state", "-o", "findings.jsonl", "--statistics", "counts", "--interval", "0.02")
        self.wait_for(lambda: self.lines_seen(self.folder / "counts") == 300, process)
        self.stop(process)

    def test_an_unrelated_file_is_never_cut(self):
        self.stop_in_the_middle()
        other = self.folder / "other.jsonl"
        content = b"what somebody else keeps\n" * 20_000
        other.write_bytes(content)
        self.assert_refused(
            self.go_on("other.jsonl", 3), 3, "other.jsonl is not the file of findings", self.output, "name that one with -o")
        self.assertEqual(other.read_bytes(), content)
        self.go_on("findings.jsonl")
        self.assertEqual(len(finals(self.output.read_bytes())), len(Fixture.ids))

    def test_a_new_file_is_begun(self):
        self.stop_in_the_middle()
        before = self.output.read_bytes()
        self.assertEqual(self.go_on("new.jsonl").stderr, b"")
        self.assertEqual(self.output.read_bytes(), before)
        both = before + (self.folder / "new.jsonl").read_bytes()
        self.assertEqual(len(finals(both)), len(Fixture.ids))

    def test_a_copy_is_known_by_its_end_and_cut_as_the_file_would_be(self):
        self.stop_in_the_middle()
        content = self.output.read_bytes()
        copy = self.folder / "copy.jsonl"
        copy.write_bytes(content + b'{"made":"after the snapshot"}\n')
        self.go_on("copy.jsonl")
        self.assertTrue(copy.read_bytes().startswith(content))
        self.assertNotIn(b"after the snapshot", copy.read_bytes())

    def test_a_file_that_was_emptied_goes_on_with_a_warning(self):
        self.stop_in_the_middle()
        self.output.write_bytes(b"")
        self.assertIn(b"may be written twice", self.go_on("findings.jsonl").stderr)
        self.assertGreater(len(self.output.read_bytes()), 0)


class TwoAtOnce(WatchTest):
    def test_a_second_watch_on_a_snapshot_or_a_file_of_findings_is_refused(self):
        self.log.write_bytes(Fixture.mixed.read_bytes())
        process = self.start("service.log", "--state", "state", "-o", "findings.jsonl", "--interval", "0.02")
        self.wait_for(lambda: self.output.exists() and self.output.stat().st_size > 0, process)
        second = lambda *options: run("watch", "-m", Fixture.model, "service.log", "--no-follow", *options, cwd=self.folder)
        self.assert_refused(second("--state", "state"), 3, "state is in use by another watch", "--state")
        self.assert_refused(second("-o", "findings.jsonl"), 3, "findings.jsonl is being written by another watch", "-o")
        self.stop(process)
        self.assertFalse((self.folder / "state.lock").exists())
        self.assert_success(second("--state", "state", "-o", "findings.jsonl"))

    def test_a_killed_watch_leaves_no_lock_behind(self):
        self.log.write_bytes(Fixture.mixed.read_bytes())
        options = ("service.log", "--state", "state", "-o", "findings.jsonl")
        process = self.start(*options, "--interval", "0.02")
        self.wait_for(lambda: self.output.exists() and self.output.stat().st_size > 0, process)
        process.kill()
        process.wait()
        self.watch(*options, "--no-follow")
        self.assertEqual(len(finals(self.output.read_bytes())), len(Fixture.ids))


class Failures(WatchTest):
    def test_a_full_disk_is_told_with_the_name_of_the_file_and_leaves_whole_lines(self):
        self.log.write_bytes(Fixture.mixed.read_bytes())
        whole = len(self.watch("service.log", "--no-follow").stdout)
        # A limit on the size of files stands for the end of a disk; the shell's unit is 1 KiB.
        result = subprocess.run(
            ["bash", "-c", f'trap "" XFSZ; ulimit -f {whole // 2048}; exec "$@"', "bash", *self.command(
                "service.log", "--no-follow", "-o", "findings.jsonl")], cwd=self.folder, capture_output=True, timeout=PATIENCE)
        self.assert_refused(result, 3, "findings.jsonl could not be written", "File too large")
        content = self.output.read_bytes()
        self.assertLess(len(content), whole)
        self.assertTrue(content == b"" or content.endswith(b"\n"))
        for line in content.splitlines():
            json.loads(line)

    def test_a_log_that_is_not_there_is_told(self):
        process = self.start("sevrice.log", "-o", "findings.jsonl")
        self.assertEqual(process.stderr.readline(), b"birchlog: sevrice.log is not there yet; it is waited for.\n")
        self.stop(process)


class Rotations(WatchTest):
    def rotated(self, names, *arguments):
        """A watch that stopped after a part of the log, which then was rotated as often as there are names."""
        lines = Fixture.mixed.read_bytes().splitlines(True)
        self.log.write_bytes(b"".join(lines[:200]))
        # What a rotation of before left, and what is no rotated log.
        (self.folder / "service.log.9").write_bytes(b"an old line\n")
        os.utime(self.folder / "service.log.9", (0, 0))
        options = ("service.log", "-o", "findings.jsonl", "--state", "state", "--statistics", "counts.json")
        process = self.start(*options, "--interval", "0.02")
        self.wait_for(lambda: self.lines_seen(self.folder / "counts.json") == 200, process)
        self.stop(process)
        self.log.rename(self.folder / names[0])
        rest = lines[200:]
        part = len(rest) // len(names)
        for number, name in enumerate(names[1:]):
            time.sleep(0.05)
            (self.folder / name).write_bytes(b"".join(rest[number * part : (number + 1) * part]))
        time.sleep(0.05)
        self.log.write_bytes(b"".join(rest[(len(names) - 1) * part :]))
        (self.folder / "service.log.state").write_bytes(b"no line of the log\n")
        return len(lines), self.watch(*options, *arguments, "--no-follow")

    def test_a_log_that_was_rotated_three_times_meanwhile_loses_nothing(self):
        count, result = self.rotated(("service.log.3", "service.log.2", "service.log.1"))
        self.assertEqual(result.stderr, b"")
        self.assertEqual(self.lines_seen(self.folder / "counts.json"), count)
        self.assertEqual(finals(self.output.read_bytes()), self.classified(Fixture.mixed.read_bytes()))

    def test_a_packed_log_in_between_is_told(self):
        count, result = self.rotated(("service.log-20250101", "service.log-20250102.gz"))
        self.assertIn(b"service.log-20250102.gz came before the log of now and cannot be read", result.stderr)
        self.assertLess(self.lines_seen(self.folder / "counts.json"), count)


class Models(WatchTest):
    def setUp(self):
        super().setUp()
        self.lines = Fixture.mixed.read_bytes().splitlines(True)
        self.model = self.folder / "m.birchlog"
        self.model.write_bytes(Fixture.model.read_bytes())

    def command(self, *arguments):
        return [COMMAND, "watch", "-m", str(self.model), *map(str, arguments)]

    def follow(self, change):
        """Findings of the two halves of a log, between which `change` is called."""
        counts = self.folder / "counts.json"
        self.log.write_bytes(b"".join(self.lines[:400]))
        process = self.start("service.log", "-o", "findings.jsonl", "--statistics", "counts.json", "--interval", "0.02")
        self.wait_for(lambda: self.lines_seen(counts) == 400, process)
        before = self.output.read_bytes()
        said = change(process)
        with open(self.log, "ab") as file:
            file.write(b"".join(self.lines[400:]))
        self.wait_for(lambda: self.lines_seen(counts) == len(self.lines), process)
        self.stop(process)
        return before, self.output.read_bytes()[len(before) :], said

    def name(self, process, hang_up=False):
        """Names every anomalous kind; gives what watch says of it."""
        edited = self.folder / "edited"
        edited.write_bytes(self.model.read_bytes())
        for kind in json.loads(run("kinds", "-m", edited).stdout)["kinds"]:
            if not kind["normal"]:
                self.assert_success(run("kinds", "name", "-m", edited, kind["id"], "payment timeout"))
        edited.rename(self.model)
        if hang_up:
            process.send_signal(signal.SIGHUP)
        return process.stderr.readline()

    def assert_named(self, before, after, said):
        self.assertIn(b"m.birchlog was read anew", said)
        self.assertIn(b'"name":null', before)
        self.assertNotIn(b"payment timeout", before)
        self.assertIn(b'"name":"payment timeout"', after)
        plain = (before + after).replace(b'"name":"payment timeout"', b'"name":null')
        self.assertEqual(finals(plain), self.classified(self.log.read_bytes()), "nothing open was lost")

    def test_a_new_name_counts_within_an_interval(self):
        self.assert_named(*self.follow(self.name))

    def test_a_hang_up_takes_a_new_name_at_once(self):
        self.log.write_bytes(b"".join(self.lines[:400]))
        process = self.start("service.log", "-o", "findings.jsonl", "--interval", "3600")
        self.wait_for(lambda: self.output.exists() and self.output.stat().st_size > 0, process)
        said = self.name(process, hang_up=True)
        before = self.output.read_bytes()
        with open(self.log, "ab") as file:
            file.write(b"".join(self.lines[400:]))
        self.wait_for(lambda: b"payment timeout" in self.output.read_bytes(), process)
        self.stop(process)
        self.assertIn(b"m.birchlog was read anew", said)
        self.assertNotIn(b"payment timeout", before)

    def test_a_model_of_other_events_and_a_file_that_is_none_are_told_and_left(self):
        other = self.folder / "other.birchlog"
        self.assert_success(
            run("train", "--normal", Fixture.normal, "-o", other, "--session", r"\[(\S+)\]", "--option", "header=none",
                "--option", "hidden_size=8", "--option", "epochs=1", "--threads", "1"))
        for content, message in ((other.read_bytes(), b"whose events are other ones"), (b"no model", b"cannot be taken over")):
            with self.subTest(message=message):
                self.output.unlink(missing_ok=True)
                (self.folder / "counts.json").unlink(missing_ok=True)
                self.model.write_bytes(Fixture.model.read_bytes())

                def change(process):
                    new = self.folder / "new"
                    new.write_bytes(content)
                    new.rename(self.model)
                    return process.stderr.readline()

                before, after, said = self.follow(change)
                self.assertIn(message, said)
                self.assertEqual(finals(before + after), self.classified(self.log.read_bytes()))

    def test_a_hang_up_begins_a_file_of_findings_that_was_renamed(self):
        def change(process):
            self.output.rename(self.folder / "findings.jsonl.1")
            process.send_signal(signal.SIGHUP)
            self.wait_for(self.output.exists, process)

        self.log.write_bytes(b"".join(self.lines[:400]))
        process = self.start("service.log", "-o", "findings.jsonl", "--interval", "0.02")
        self.wait_for(lambda: self.output.exists() and self.output.stat().st_size > 0, process)
        change(process)
        with open(self.log, "ab") as file:
            file.write(b"".join(self.lines[400:]))
        self.wait_for(lambda: self.output.stat().st_size > 0, process)
        self.stop(process)
        both = (self.folder / "findings.jsonl.1").read_bytes() + self.output.read_bytes()
        self.assertEqual(finals(both), self.classified(self.log.read_bytes()))

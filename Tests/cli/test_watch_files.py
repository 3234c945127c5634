"""The files that a watch writes: whose they are, who else may write them, and what happens when that fails."""

import json
import subprocess

from support import Fixture, run
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

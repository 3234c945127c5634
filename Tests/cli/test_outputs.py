"""Where results go: files in one step, links, devices, pipes, standard output; and two commands at once."""

import fcntl
import json
import os
import subprocess
import threading

from support import COMMAND, QUICK, SESSION, ModelTest, Fixture, run


class Outputs(ModelTest):
    def writers(self, output):
        """Every command that writes a text or a model, and what its output begins with."""
        return {
            "report": (("report", "-m", Fixture.model, "-o", output), b"<!"),
            "export": (("kinds", "export", "-m", Fixture.model, "-o", output), b"{"),
            "csv": (("eval", "-m", Fixture.model, "--truth", Fixture.truth, "--csv", output, Fixture.mixed), b"group,"),
            "name": (("kinds", "name", "-m", Fixture.model, "k1", "timeout", "-o", output), b""),
            "features": (("inspect", "-m", Fixture.model, "--features", output), b"\x93NUMPY"),
        }

    def test_a_device_stays_one_and_is_written_straight(self):
        for name, number in (("null", (1, 3)), ("full", (1, 7))):
            device = self.folder / name
            try:
                os.mknod(device, 0o600 | 0o020000, os.makedev(*number))
            except PermissionError:
                self.skipTest("devices are root's to make")
            for command, (arguments, _) in self.writers(device).items():
                with self.subTest(device=name, command=command):
                    result = run(*arguments)
                    self.assertEqual(result.returncode, 0 if name == "null" else 3, result.stderr)
                    if name == "full":
                        self.assertIn(f"{device} cannot be written: No space left".encode(), result.stderr)
                    self.assertTrue(device.is_char_device())
        self.assert_folder_holds("null", "full")

    def test_behind_a_link_the_file_changes_and_keeps_its_rights(self):
        target, link = self.folder / "target", self.folder / "link"
        link.symlink_to("target")
        for command, (arguments, begin) in self.writers(link).items():
            for exists in (False, True):
                with self.subTest(command=command, exists=exists):
                    if exists:
                        target.write_bytes(b"old")
                        target.chmod(0o640)
                    else:
                        target.unlink(missing_ok=True)
                    self.assert_success(run(*arguments))
                    self.assertTrue(link.is_symlink())
                    self.assertTrue(target.read_bytes().startswith(begin))
                    self.assertNotEqual(target.read_bytes(), b"old")
                    if exists:
                        self.assertEqual(target.stat().st_mode & 0o777, 0o640)
        self.assert_folder_holds("target", "link")

    def test_a_dash_is_standard_output(self):
        for output in ("-", "/dev/stdout"):
            for command, (arguments, begin) in self.writers(output).items():
                with self.subTest(command=command, output=output):
                    result = run(*arguments, cwd=self.folder)
                    self.assert_success(result)
                    self.assertTrue(result.stdout.startswith(begin))
                    if command == "name":
                        (self.folder / "m").write_bytes(result.stdout)
                        self.assertIn(b'"timeout"', run("kinds", "-m", self.folder / "m").stdout)
                        (self.folder / "m").unlink()
        self.assert_folder_holds()

    def test_a_named_pipe_takes_a_page_and_a_model(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        for command, (arguments, begin) in self.writers(pipe).items():
            with self.subTest(command=command):
                taken = []
                reader = threading.Thread(target=lambda: taken.append(pipe.read_bytes()))
                reader.start()
                self.assert_success(run(*arguments))
                reader.join()
                self.assertGreater(len(taken[0]), 100)
                self.assertTrue(taken[0].startswith(begin))
                self.assertTrue(pipe.is_fifo())

    def test_an_output_that_is_read_too_is_refused(self):
        log, model, truth = self.folder / "a.log", self.folder / "m", self.folder / "t.csv"
        log.write_bytes(Fixture.mixed.read_bytes())
        model.write_bytes(Fixture.model.read_bytes())
        truth.write_bytes(Fixture.truth.read_bytes())
        (self.folder / "link").symlink_to(log)
        before = {path: path.read_bytes() for path in (log, model, truth)}
        for arguments in (
            ("train", log, "--session", SESSION, "-o", log, *QUICK),
            ("train", "--normal", log, "--session", SESSION, "-o", self.folder / "link", *QUICK),
            ("update", "-m", model, log, "-o", log),
            ("refit", "-m", model, log, "-o", log),
            ("report", "-m", model, "-o", model),
            ("report", "-m", model, log, "-o", log),
            ("report", "-m", model, log, "--truth", truth, "-o", truth),
            ("eval", "-m", model, "--truth", truth, log, "--csv", truth),
            ("kinds", "export", "-m", model, "-o", model),
            ("inspect", "-m", model, log, "--labels", log),
            ("watch", "-m", model, log, "-o", log, "--no-follow"),
            ("watch", "-m", model, log, "--state", model, "--no-follow"),
            ("watch", "-m", model, log, "--prometheus", self.folder / "link", "--no-follow"),
        ):
            with self.subTest(arguments=arguments[:2]):
                self.assert_refused(run(*arguments), 2, "would be read and written over", "name another file")
                for path, content in before.items():
                    self.assertEqual(path.read_bytes(), content)
        self.assert_refused(
            run("watch", "-m", model, log, "--state", self.folder / "s", "-o", f"{self.folder}/./s"), 2, "two outputs")


    def test_what_has_to_be_a_file_is_refused_otherwise(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        for arguments in (
            ("watch", "-m", Fixture.model, Fixture.mixed, "--state", "-"),
            ("watch", "-m", Fixture.model, Fixture.mixed, "--state", pipe),
            ("watch", "-m", Fixture.model, Fixture.mixed, "--state", "/dev/null"),
            ("watch", "-m", Fixture.model, Fixture.mixed, "--prometheus", pipe),
            ("watch", "-m", Fixture.model, Fixture.mixed, "--statistics", pipe),
            ("train", Fixture.mixed, "-o", "m", "--checkpoint", "-"),
            ("train", Fixture.mixed, "-o", "m", "--checkpoint", pipe),
        ):
            with self.subTest(arguments=arguments):
                self.assert_refused(run(*arguments, cwd=self.folder), 2, arguments[-2], arguments[-1])
        self.assertTrue(pipe.is_fifo())
        self.assert_folder_holds("pipe")


class AtOnce(ModelTest):
    def test_a_folder_that_takes_no_files_is_told_from_one_that_is_missing(self):
        for path, needle in (("/proc/m.birchlog", "takes no new files"), (self.folder / "no/m", "does not exist")):
            self.assert_refused(run("kinds", "name", "-m", Fixture.model, "k1", "x", "-o", path), 3, path, needle)

    def test_no_edit_is_lost_among_twenty(self):
        model = self.folder / "m.birchlog"
        model.write_bytes(Fixture.model.read_bytes())
        notes = [f"note {number}" for number in range(20)]
        processes = [
            subprocess.Popen([COMMAND, "kinds", "note", "-m", model, "k1", note], stdout=subprocess.DEVNULL) for note in notes]
        for process in processes:
            self.assertEqual(process.wait(120), 0)
        shown = json.loads(run("kinds", "show", "-m", model, "k1").stdout)
        self.assertEqual(sorted(shown["notes"]), sorted(notes))
        self.assert_folder_holds("m.birchlog")

    def test_an_edit_waits_for_whoever_has_the_model(self):
        model = self.folder / "m.birchlog"
        model.write_bytes(Fixture.model.read_bytes())
        with open(model, "rb") as holder:
            fcntl.flock(holder, fcntl.LOCK_EX)
            process = subprocess.Popen([COMMAND, "kinds", "note", "-m", model, "k1", "late"], stdout=subprocess.DEVNULL)
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(0.5)
            fcntl.flock(holder, fcntl.LOCK_UN)
        self.assertEqual(process.wait(60), 0)

"""Inputs and models that cannot be used: one sentence that names the file, a status, and no file left behind."""

import gzip
import os
import random
import unittest

from support import QUICK, SESSION, CommandTest, Fixture, ModelTest, run, write_log


class BadTrainingInputTest(CommandTest):
    def train(self, *inputs, session=SESSION):
        return run("train", *inputs, "--session", session, "-o", self.folder / "m.birchlog", *QUICK)

    def write(self, content):
        path = self.folder / "input.log"
        path.write_bytes(content)
        return path

    def assert_training_refused(self, content):
        path = self.write(content)
        self.assert_refused(self.train(path), 3, path)
        self.assert_folder_holds("input.log")

    def test_an_empty_file_is_refused(self):
        self.assert_training_refused(b"")

    def test_an_empty_gzip_file_is_refused(self):
        self.assert_training_refused(gzip.compress(b""))

    def test_one_line_is_refused(self):
        self.assert_training_refused(b"2025-03-05T08:00:00Z INFO [req-00000001] received order\n")

    def test_one_session_is_refused(self):
        self.assert_training_refused(b"".join(b"step %d of [req-00000001]\n" % (n % 3) for n in range(20)))

    def test_binary_garbage_is_refused(self):
        self.assert_training_refused(random.Random(5).randbytes(200_000))

    def test_no_line_with_a_session_key_is_refused(self):
        self.assert_training_refused(b"a line without any key\n" * 100)

    def test_a_log_without_a_repeated_event_is_refused_or_warned_about(self):
        words = [f"{a}{b}" for a in "abcdefghij" for b in "klmnopqrst"]
        lines = [f"{word} {word[::-1]}x happened near {word * 2} [req-{n:08x}]\n" for n, word in enumerate(words)]
        path = self.write("".join(lines).encode())
        result = self.train(path)
        if result.returncode == 0:
            self.assertIn(b"birchlog: warning:", result.stderr)
        else:
            self.assert_refused(result, 3, path)
            self.assert_folder_holds("input.log")

    def test_a_damaged_gzip_file_is_refused(self):
        whole = gzip.compress(b"received order [req-00000001]\n" * 5000)
        self.assert_training_refused(whole[: len(whole) // 2])

    def test_a_missing_file_is_refused(self):
        path = self.folder / "missing.log"
        self.assert_refused(self.train(path), 3, path)
        self.assert_folder_holds()

    def test_a_folder_is_refused(self):
        self.assert_refused(self.train(self.folder), 3, self.folder)
        self.assert_folder_holds()

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_file_without_permission_is_refused(self):
        path = self.write(b"a line\n")
        path.chmod(0)
        self.assert_refused(self.train(path), 3, path)

    def test_empty_standard_input_is_refused(self):
        result = run("train", "-o", self.folder / "m", *QUICK, stdin=b"")
        self.assert_refused(result, 3, "standard input")
        self.assert_folder_holds()

    def test_an_output_that_cannot_be_written_is_refused_before_training(self):
        log = self.write(b"a line\n" * 10)
        for output in (self.folder, self.folder / "missing" / "m.birchlog", log / "m.birchlog"):
            with self.subTest(str(output)):
                self.assert_refused(run("train", log, "-o", output), 3, output)
                self.assert_folder_holds("input.log")

    def test_a_missing_template_file_is_refused(self):
        log = self.write(b"1,1 2 3\n2,1 2 3\n")
        missing = self.folder / "missing.csv"
        result = run("train", log, "-o", self.folder / "m", "--templates", missing, *QUICK)
        self.assert_refused(result, 3, missing)
        self.assert_folder_holds("input.log")


class RoughTrainingInputTest(CommandTest):
    def train_with(self, extra):
        path = self.folder / "rough.log"
        write_log(path, 200)
        with open(path, "ab") as file:
            file.write(extra)
        model = self.folder / "m.birchlog"
        result = run("train", path, "--session", SESSION, "-o", model, *QUICK)
        self.assert_success(result)
        return run("classify", "-m", model, path)

    def test_invalid_utf_8_is_read_and_comes_out_as_utf_8(self):
        result = self.train_with(b"\xff\xfe broken \x80 line [req-0badcafe]\n" * 3)
        self.assert_success(result)
        result.stdout.decode("utf-8")

    def test_a_line_of_10_megabytes_is_read(self):
        result = self.train_with(b"x" * 10_000_000 + b" [req-0badcafe]\n")
        self.assert_success(result)
        self.assertGreater(len(result.stdout.splitlines()), 199)

    def test_a_line_without_an_end_and_nul_bytes_are_read(self):
        self.assert_success(self.train_with(b"nul \x00 byte [req-0badcafe]\r\n\r\nlast line [req-0badcafe]"))


class BadModelTest(ModelTest):
    commands = [
        ["classify", "-m"], ["kinds", "-m"], ["inspect", "-m"], ["eval", "--truth", "t.csv", "-m"],
    ]

    def assert_model_refused(self, content):
        path = self.folder / "bad.birchlog"
        path.write_bytes(content)
        for command in self.commands:
            with self.subTest(command[0]):
                inputs = [Fixture.mixed] if command[0] in ("classify", "eval") else []
                self.assert_refused(run(*command, path, *inputs), 3, path)
        report = run("report", "-m", path, "-o", self.folder / "r.html")
        self.assert_refused(report, 3, path)
        refit = run("refit", "-m", path, "-o", self.folder / "n.birchlog")
        self.assert_refused(refit, 3, path)
        self.assert_folder_holds("bad.birchlog")

    def test_an_empty_model_is_refused(self):
        self.assert_model_refused(b"")

    def test_a_foreign_file_is_refused(self):
        self.assert_model_refused(b"PK\x03\x04" + b"not a model at all" * 100)

    def test_a_log_is_no_model(self):
        self.assert_model_refused(Fixture.mixed.read_bytes())

    def test_a_truncated_model_is_refused(self):
        whole = Fixture.model.read_bytes()
        for length in (4, 8, 100, len(whole) // 2, len(whole) - 1):
            with self.subTest(length):
                self.assert_model_refused(whole[:length])

    def test_a_model_with_a_flipped_bit_is_refused(self):
        whole = bytearray(Fixture.model.read_bytes())
        whole[len(whole) * 3 // 4] ^= 0x10
        self.assert_model_refused(bytes(whole))

    def test_a_model_with_trailing_bytes_is_refused(self):
        self.assert_model_refused(Fixture.model.read_bytes() + b"\n")

    def test_a_header_that_claims_too_much_is_refused(self):
        self.assert_model_refused(b"\xff" * 8 + b"{}")

    def test_a_missing_model_and_a_folder_are_refused(self):
        for path in (self.folder / "missing.birchlog", self.folder):
            for command in self.commands:
                with self.subTest(f"{command[0]} {path.name}"):
                    inputs = [Fixture.mixed] if command[0] in ("classify", "eval") else []
                    self.assert_refused(run(*command, path, *inputs), 3, path)


class BadClassificationInputTest(ModelTest):
    def test_missing_files_and_folders_are_refused(self):
        for path in (self.folder / "missing.log", self.folder):
            with self.subTest(path.name):
                self.assert_refused(run("classify", "-m", Fixture.model, path), 3, path)

    def test_a_wrong_session_expression_gives_status_2(self):
        self.assert_refused(run("classify", "-m", Fixture.model, "--session", "(", Fixture.mixed), 2)

    def test_truth_that_is_no_table_is_refused(self):
        truth = self.folder / "truth.csv"
        for content in (b"", b"\x00\x01\x02", b"id\nonly one column\n"):
            with self.subTest(content):
                truth.write_bytes(content)
                self.assert_refused(run("eval", "-m", Fixture.model, "--truth", truth, Fixture.mixed), 3, truth)

    def test_outputs_that_cannot_be_written_are_refused(self):
        missing = self.folder / "missing"
        cases = [
            ["report", "-m", Fixture.model, "-o", missing / "r.html"],
            ["inspect", "-m", Fixture.model, "--features", missing / "f.npy"],
            ["refit", "-m", Fixture.model, "-o", missing / "m.birchlog"],
            ["kinds", "name", "-m", Fixture.model, "k1", "x", "-o", missing / "m.birchlog"],
        ]
        for arguments in cases:
            with self.subTest(arguments[0]):
                self.assert_refused(run(*arguments), 3, missing)
                self.assert_folder_holds()

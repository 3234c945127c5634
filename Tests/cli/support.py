"""What the transcript tests share: the installed command, a small log, and a model trained on it once."""

import atexit
import codecs
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

COMMAND = os.environ.get("BIRCHLOG", "birchlog")
SESSION = "req-[0-9a-f]{8}"
QUICK = ["--option", "hidden_size=16", "--option", "epochs=8", "--threads", "1"]

_folder = pathlib.Path(tempfile.mkdtemp(prefix="birchlog-cli-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)


def run(*arguments, stdin=b"", cwd=None, environment=None):
    """Runs the command; the result carries bytes."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)], input=stdin, capture_output=True, cwd=cwd, timeout=600,
        env={**os.environ, **(environment or {})})


def session_lines(generator, fault=None):
    """The lines of one request; `fault` is None, "timeout" or "lost"."""
    lines = ["received order", "validated order 12"]
    lines += [f"reserved {generator.randint(1, 9)} items"] * generator.randint(1, 3)
    if fault == "timeout":
        lines += ["gateway did not answer in 3000 ms", "rolled back order 12", "sent answer 500"]
    elif fault == "lost":
        lines += ["authorised payment 7"]
    else:
        lines += ["authorised payment 7", "stored order 12", "sent answer 201"]
    return lines


def write_log(path, count, faults=None, seed=1):
    """Writes `count` interleaved sessions; `faults` maps a session's number to its fault. Returns the ids."""
    generator = random.Random(seed)
    pending, ids, clock = [], [], 0
    for number in range(count):
        identity = f"req-{generator.getrandbits(32):08x}"
        ids.append(identity)
        pending.append([identity, session_lines(generator, (faults or {}).get(number))])
    with open(path, "w", encoding="utf-8") as file:
        active = []
        while pending or active:
            if pending and len(active) < 5:
                active.append(pending.pop(0))
            entry = generator.choice(active)
            clock += 1
            stamp = f"2025-03-05T{8 + clock // 3600:02d}:{clock // 60 % 60:02d}:{clock % 60:02d}.000Z"
            file.write(f"{stamp} INFO shop [{entry[0]}] {entry[1].pop(0)}\n")
            if not entry[1]:
                active.remove(entry)
    return ids


def write_other_log(path, log):
    """Writes `log` with other words: the same sessions, of which no event is known."""
    lines = log.read_text(encoding="utf-8").splitlines(True)
    parts = [line.split("] ", 1) for line in lines]
    path.write_text("".join(f"{head}] {codecs.encode(text, 'rot13')}" for head, text in parts), encoding="utf-8")


class Fixture:
    """A folder with normal.log, mixed.log, truth.csv and a trained model."""

    folder = _folder
    normal = _folder / "normal.log"
    mixed = _folder / "mixed.log"
    truth = _folder / "truth.csv"
    model = _folder / "model.birchlog"
    faults = {number: "timeout" if number % 2 else "lost" for number in range(0, 120, 5)}
    ids = []
    training = None

    @classmethod
    def build(cls):
        """Trains once for the whole run."""
        if cls.training is not None:
            return
        write_log(cls.normal, 300, seed=1)
        cls.ids = write_log(cls.mixed, 120, cls.faults, seed=2)
        with open(cls.truth, "w", encoding="utf-8") as file:
            file.write("id,kind\n")
            for number, identity in enumerate(cls.ids):
                file.write(f"{identity},{cls.faults.get(number, 'normal')}\n")
        cls.training = run(
            "train", "--normal", cls.normal, cls.mixed, "--session", SESSION, "-o", cls.model, *QUICK)


class CommandTest(unittest.TestCase):
    """A test case that can say what a transcript must look like."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="birchlog-cli-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def assert_success(self, result):
        self.assertEqual(result.returncode, 0, result.stderr.decode(errors="replace"))

    def assert_refused(self, result, status, *needles):
        """The status, one sentence on standard error that holds every needle, and nothing on standard output."""
        text = result.stderr.decode("utf-8")
        self.assertEqual(result.returncode, status, text)
        lines = [line for line in text.splitlines() if not line.startswith("Usage:")]
        self.assertEqual(len(lines), 1, text)
        self.assertTrue(lines[0].startswith("birchlog: "), text)
        self.assertFalse(lines[0].startswith("birchlog: warning"), text)
        for needle in needles:
            self.assertIn(str(needle), lines[0])
        for trace in ("Fatal error", "Stack dump", ".swift:", "DecodingError"):
            self.assertNotIn(trace, text)
        self.assertEqual(result.stdout, b"")

    def assert_folder_holds(self, *names):
        """No output and no temporary file was left."""
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), sorted(names))


class ModelTest(CommandTest):
    """A test case that needs the trained model."""

    @classmethod
    def setUpClass(cls):
        Fixture.build()
        if Fixture.training.returncode != 0:
            raise AssertionError("training failed: " + Fixture.training.stderr.decode(errors="replace"))

    def documents(self, result):
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in result.stdout.decode("utf-8").splitlines()]

"""The engine's process, windows, and the table."""

import pathlib
import statistics
import subprocess
import tempfile

import numpy

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIBRARY = ROOT / ".build" / "stage" / "lib" / "libbirchlog.so"  # as `make stage` leaves it
LENGTH = 10
VOCABULARY = 32


class Engine:
    """Our networks in a process of their own, which answers one command at a time."""

    def __init__(self, threads):
        build = ROOT / ".build" / "sequence"
        subprocess.run(
            ["swift", "build", "-q", "-c", "release", "--package-path", HERE, "--scratch-path", build], check=True,
            stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [build / "release" / "sequence-engine"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.instruction_set = self.process.stdout.readline().split()[1]
        self.folder = tempfile.TemporaryDirectory()
        self.ask("threads", threads)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer or answer.startswith("error"):
            raise RuntimeError(f"{words}: {answer or 'the engine ended'}")
        return [float(word) for word in answer.split()]

    def file(self, name, array):
        path = pathlib.Path(self.folder.name) / name
        array.tofile(path)
        return path

    def windows(self, tokens, vocabulary=VOCABULARY):
        self.ask("windows", self.file("windows", tokens.astype(numpy.int32)), tokens.shape[1], vocabulary)


class Table:
    """Rows of a Markdown table, printed as they come."""

    def __init__(self):
        self.has_head = False

    def row(self, work, ours, peer, target, unit, ratio=None, more=""):
        if not self.has_head:
            print("| work | Birchlog | peer | unit | ratio | asked for | |\n| --- | ---: | ---: | --- | ---: | ---: | --- |")
            self.has_head = True
        ratio = f"{ratio:.2f}" if ratio is not None else ""
        print(f"| {work} | {ours} | {peer} | {unit} | {ratio} | {target} | {more} |", flush=True)


def spread(values):
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def dense(count, seed=1):
    """Windows and targets of independent random tokens: no two windows are alike."""
    random = numpy.random.default_rng(seed)
    tokens = random.integers(0, VOCABULARY, (count, LENGTH), dtype=numpy.int32)
    return tokens, random.integers(0, VOCABULARY, count, dtype=numpy.int32)


def computed_share(tokens, batch):
    """The share of time steps that are left when each different beginning within a batch is computed once."""
    left = 0
    for first in range(0, len(tokens), batch):
        part = tokens[first : first + batch]
        left += sum(len(numpy.unique(part[:, :end], axis=0)) for end in range(1, part.shape[1] + 1))
    return left / tokens.size


def sessions(path):
    for line in open(path, encoding="ascii"):
        name, _, events = line.strip().partition(",")
        if events:
            yield name, [int(event) for event in events.split()]


def hdfs_windows(parts):
    """Distinct (window, target) pairs with counts: every event and the end of a session are targets, contexts are padded."""
    events = sorted({event for part in parts for _, run in part for event in run})
    token = {event: index + 1 for index, event in enumerate(events)}
    end = len(events) + 1
    result = []
    for part in parts:
        rows = []
        for _, run in part:
            line = [0] * LENGTH + [token[event] for event in run] + [end]
            rows += [line[at - LENGTH : at + 1] for at in range(LENGTH, len(line))]
        distinct, counts = numpy.unique(numpy.array(rows, dtype=numpy.int32), axis=0, return_counts=True)
        result.append((
            numpy.ascontiguousarray(distinct[:, :LENGTH]), numpy.ascontiguousarray(distinct[:, LENGTH]),
            counts.astype(numpy.float32)))
    return result, end + 1

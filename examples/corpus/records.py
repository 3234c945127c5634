"""What the script knows of each session: the address it came from, and what was done to it."""

import csv
import gzip
import itertools
import threading
import time

INDIRECT = "indirect"


class Addresses:
    """Hands out an address of loopback to each client, so that a session in the log is known by where it came from."""

    def __init__(self):
        self.numbers = itertools.count(256)
        self.lock = threading.Lock()

    def next(self):
        with self.lock:
            number = next(self.numbers)
        high, low = divmod(number, 250)
        return f"127.{1 + high // 250}.{high % 250}.{1 + low}"


class Record:
    """Labels by address, or by any other id that script and log share. A session's first label stays unless it says `replace`."""

    def __init__(self):
        self.labels, self.notes = {}, {}
        self.lock = threading.Lock()

    def label(self, key, kind, note=""):
        with self.lock:
            self.labels[key] = kind
            self.notes[key] = note

    def counts(self):
        result = {}
        for kind in self.labels.values():
            result[kind] = result.get(kind, 0) + 1
        return result


def write_gzip(path, lines):
    """The same lines give the same bytes: no name and no time in the header."""
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.writelines(lines)


def write_truth(path, rows):
    """`rows` holds (id, kind, file)."""
    with open(path, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["id", "kind", "file"])
        writer.writerows(rows)


def write_left_out(path, rows):
    """`rows` holds (id, why)."""
    with open(path, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["id", "why"])
        writer.writerows(rows)


def say(text):
    print(time.strftime("%H:%M:%S"), text, flush=True)

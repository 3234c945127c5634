#!/usr/bin/env python3
"""Fifty million lines through `birchlog watch`: throughput at the end beside that at the start, and peak memory.

A log is repeated with its session ids renamed each time, so that sessions never repeat though behaviours do. The table of open
sessions is held at its limit throughout.

    python3 endless.py LOG [--session REGEX] [--lines 50000000] [--open 200000]

LOG is also what the model is trained on, as mixed input. The command is that of BIRCHLOG, or the one on the path.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

COMMAND = os.environ.get("BIRCHLOG", "birchlog")
# What the file of counts and the pipe hold beside the table.
TABLE_BYTES = 160 << 20


def memory(process, field):
    """`VmRSS` or the peak `VmHWM` of a process, in MB."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(field + ":"))


def processor_seconds(process):
    """Processor time of a process so far: what other work on the machine does not change much."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=pathlib.Path)
    parser.add_argument("--session", default=r"blk_-?\d+")
    parser.add_argument("--lines", type=int, default=50_000_000)
    parser.add_argument("--open", type=int, default=200_000)
    arguments = parser.parse_args()

    text = arguments.log.read_bytes()
    # The number of the repetition goes behind each id, so that an id of a repetition is in no other.
    pattern = re.compile(arguments.session.encode())
    form = pattern.sub(lambda match: match.group() + b"\0", text)
    count = text.count(b"\n")
    repetitions = -(-arguments.lines // count)
    with tempfile.TemporaryDirectory() as folder:
        model, counts = (os.path.join(folder, name) for name in ("model", "counts.json"))
        subprocess.run(
            [COMMAND, "train", str(arguments.log), "--session", arguments.session, "-o", model, "--quiet"], check=True)
        process = subprocess.Popen(
            [COMMAND, "watch", "-m", model, "-", "-o", "/dev/null", "--statistics", counts, "--interval", "1",
             "--option", f"max_sessions={arguments.open}", "--option", f"max_bytes={TABLE_BYTES}",
             "--option", "idle_seconds=0"], stdin=subprocess.PIPE)
        marks, most_open = [(0, time.perf_counter(), 0)], 0
        print("lines, million   lines a second   lines a processor second   open sessions   memory, MB")
        for repetition in range(repetitions):
            process.stdin.write(form.replace(b"\0", b"%06d" % repetition))
            written = (repetition + 1) * count
            if written >= len(marks) * repetitions * count / 10:
                marks.append((written, time.perf_counter(), processor_seconds(process)))
                (before, start, begun), (now, end, used) = marks[-2:]
                with open(counts, encoding="utf-8") as file:
                    open_now = json.load(file)["sessions_open"]
                most_open = max(most_open, open_now)
                print(f"{written / 1e6:14.1f}   {(now - before) / (end - start):14,.0f}   "
                      f"{(now - before) / (used - begun):24,.0f}   {open_now:13,}   {memory(process, 'VmRSS'):10.0f}", flush=True)
        peak = memory(process, "VmHWM")
        process.stdin.close()
        process.wait()
        with open(counts, encoding="utf-8") as file:
            final = json.load(file)
        rates, costs = ([(right[0] - left[0]) / (right[n] - left[n]) for left, right in zip(marks, marks[1:])] for n in (1, 2))
        print(f"{final['lines']:,} lines at {final['lines'] / (marks[-1][1] - marks[0][1]):,.0f} a second; last tenth / first "
              f"{rates[-1] / rates[0]:.3f}, by processor time {costs[-1] / costs[0]:.3f}; at most {most_open:,} sessions open, {final['sessions_evicted']:,} evicted, "
              f"{final['findings']:,} findings; peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()

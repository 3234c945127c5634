#!/usr/bin/env python3
"""What updates by a log's own unlabelled day do to false positives and recall.

    python3 unlabelled.py model MODEL TRUTH.csv DAY...              a model that is there, updated by DAY again and again
    python3 unlabelled.py split NORMAL.seq ABNORMAL.seq --share 0.03    a model of half of both files; the other half makes the day

For each update it prints the false-positive rate and the recall on the day, what the model claims as its rate, how many of the day's units
were learned as normal and how many were withheld. With `split` the day holds all other normal sessions and so many of the other
anomalous ones that these are the given share of it; the recall over all anomalous sessions that are not in the day is printed too. The truth is for
scoring only. The command is that of BIRCHLOG, or the one on the path.
"""

import argparse
import csv
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile

COMMAND = os.environ.get("BIRCHLOG", "birchlog")


def run(*arguments):
    return subprocess.run([COMMAND, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def rates(model, truth, logs):
    """The false positives, normal units, found and anomalous ones."""
    counts = [0, 0, 0, 0]
    for line in run("classify", "-m", model, "--json", *logs).splitlines():
        finding = json.loads(line)
        if finding["session"] in truth:
            place = 0 if truth[finding["session"]] == "normal" else 2
            counts[place] += finding["anomalous"]
            counts[place + 1] += 1
    return counts


def chain(model, truth, day, others, updates, folder):
    """Prints a row for the model and one after each update."""
    print("| updates | false positives on the day | rate claimed | recall on the day | recall elsewhere | learned | withheld |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for number in range(updates + 1):
        if number:
            run("update", "-q", "--threads", "1", "-m", model, *day, "-o", folder / f"{number}.birchlog")
            model = folder / f"{number}.birchlog"
        record = json.loads(run("inspect", "-m", model, "--json"))
        units = record["updates"][-1]["units"] if number else {}
        false, normal, found, odd = rates(model, truth, day)
        elsewhere = rates(model, truth, others) if others else [0, 0, 0, 0]
        print(f"| {number} | {false} of {normal}, {100 * false / max(normal, 1):.2f} % | {100 * record['threshold']['measured_rate']:.2f} %"
              f" | {found / odd if odd else 0:.4f} | {f'{elsewhere[2] / elsewhere[3]:.4f}' if elsewhere[3] else '–'}"
              f" | {units.get('learned', '')} | {units.get('withheld', '')} |", flush=True)


def split(arguments, folder):
    """Trains on half of the sessions; gives the model, the truth, the day and the other anomalous sessions."""
    def halves(path):
        lines = path.read_text().splitlines()
        order = sorted(lines, key=lambda line: hashlib.sha256(line.split(",")[0].encode()).digest())
        return order[::2], order[1::2]

    names = ("normal", "mixed", "day", "others")
    normal, other_normal = halves(arguments.normal)
    odd, other_odd = halves(arguments.abnormal)
    count = round(len(other_normal) * arguments.share / (1 - arguments.share))
    parts = (normal, odd, other_normal + other_odd[:count], other_odd[count:])
    files = {name: folder / f"{name}.seq" for name in names}
    for name, lines in zip(names, parts):
        files[name].write_text("\n".join(lines) + "\n")
    truth = {line.split(",")[0]: "normal" for line in other_normal}
    truth.update({line.split(",")[0]: "anomalous" for line in other_odd})
    model = folder / "0.birchlog"
    run("train", "-q", "--threads", "1", "--normal", files["normal"], files["mixed"], "-o", model)
    return model, truth, [files["day"]], [files["others"]] if len(parts[3]) else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=3)
    commands = parser.add_subparsers(dest="command", required=True)
    model = commands.add_parser("model")
    model.add_argument("model", type=pathlib.Path)
    model.add_argument("truth", type=pathlib.Path)
    model.add_argument("day", type=pathlib.Path, nargs="+")
    halves = commands.add_parser("split")
    halves.add_argument("normal", type=pathlib.Path)
    halves.add_argument("abnormal", type=pathlib.Path)
    halves.add_argument("--share", type=float, default=0.03)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if arguments.command == "model":
            with open(arguments.truth, newline="") as file:
                truth = {row["id"]: row["kind"] for row in csv.DictReader(file)}
            chain(arguments.model, truth, arguments.day, [], arguments.updates, folder)
        else:
            chain(*split(arguments, folder), arguments.updates, folder)


if __name__ == "__main__":
    main()

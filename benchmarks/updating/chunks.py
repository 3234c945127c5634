#!/usr/bin/env python3
"""A log in ten chunks by line order: a model that is updated by each beside one that is trained anew on all so far.

    python3 chunks.py NORMAL.seq ABNORMAL.seq TRUTH.csv [--chunks 10]

Each chunk holds a tenth of both files; a fifth of its normal sessions is kept from all training. For each step it prints, over all
anomalous sessions so far, how many true kinds have a kind of their own, how many sessions are called normal, and agreement with the
truth; by how much the update raised the loss over what is remembered, and over the kept sessions of all chunks before; the loss over
the kept sessions of the chunk before and after it, and over those of the first chunk; and the processor time. Then what the first
chunk's loss can be where only the last ten events are known. Needs numpy and safetensors. The command is that of BIRCHLOG, or the one on
the path.
"""

import argparse
import csv
import json
import os
import pathlib
import resource
import subprocess
import tempfile
from collections import Counter

from losses import context_entropy, losses, read

COMMAND = os.environ.get("BIRCHLOG", "birchlog")


def run(*arguments):
    """Runs the command; gives its output and the processor time it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run([COMMAND, *map(str, arguments)], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return result.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def own_kinds(model, abnormal, truth):
    """How many true kinds have a kind of which most sessions are theirs, and which holds most of theirs; true kinds; what is missed."""
    found = [json.loads(line) for line in run("classify", "-m", model, "--json", abnormal)[0].splitlines()]
    pairs = Counter((truth[finding["session"]], finding["kind"]) for finding in found if finding["session"] in truth)
    kinds, groups = Counter(), Counter()
    for (kind, group), count in pairs.items():
        kinds[kind] += count
        groups[group] += count
    return len({kind for (kind, group), count in pairs.items() if 2 * count > kinds[kind] and 2 * count > groups[group]}), len(kinds), sum(
        not finding["anomalous"] for finding in found)


def loss(model, lines):
    """The mean loss of a model on sessions."""
    return float(losses(model, read(lines)).mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("normal", type=pathlib.Path)
    parser.add_argument("abnormal", type=pathlib.Path)
    parser.add_argument("truth", type=pathlib.Path)
    parser.add_argument("--chunks", type=int, default=10)
    arguments = parser.parse_args()
    normal, abnormal = (path.read_text().splitlines(True) for path in (arguments.normal, arguments.abnormal))
    with open(arguments.truth, encoding="utf-8") as file:
        truth = {row[0]: row[1] for row in list(csv.reader(file))[1:]}

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def tenths(lines):
            places = [chunk * len(lines) // arguments.chunks for chunk in range(arguments.chunks + 1)]
            return [lines[first:last] for first, last in zip(places, places[1:])]

        def written(label, chunks):
            path = folder / label
            path.write_text("".join(line for lines in chunks for line in lines))
            return path

        kept = [lines[::5] for lines in tenths(normal)]
        parts = [[line for place, line in enumerate(lines) if place % 5] for lines in tenths(normal)]
        faults = tenths(abnormal)
        updated = folder / "updated"
        print("chunk   true kinds   known: updated  anew   missed: updated  anew   kinds: updated  anew   ARI: updated   anew   "
              "remembered   kept of before         new, before   after   first chunk: updated   anew   tuned   s: update   anew")
        for chunk in range(arguments.chunks):
            new_normal, new_abnormal = written("new_normal.seq", parts[chunk:][:1]), written("new_abnormal.seq", faults[chunk:][:1])
            all_normal, all_abnormal = written("normal.seq", parts[: chunk + 1]), written("abnormal.seq", faults[: chunk + 1])
            anew = folder / "anew"
            _, fresh_time = run("train", "--normal", all_normal, all_abnormal, "-o", anew, "--quiet")
            if chunk == 0:
                _, time = run("train", "--normal", new_normal, new_abnormal, "-o", updated, "--quiet")
                changes, tuned = f"{'':35}   {'':11}   {loss(updated, kept[0]):5.3f}", ""
            else:
                before = [line for lines in kept[:chunk] for line in lines]
                old, new = loss(updated, before), loss(updated, kept[chunk])
                _, time = run("update", "-m", updated, "--normal", new_normal, new_abnormal, "-o", updated, "--quiet")
                record = json.loads(run("inspect", "-m", updated, "--json")[0])["updates"][-1]
                learned, rise = record["old_loss"]["after"] / record["old_loss"]["before"] - 1, loss(updated, before) / old - 1
                changes = (f"{100 * learned:+8.2f} %   {100 * rise:+6.2f} % from {old:.4f}   {new:11.3f}   {loss(updated, kept[chunk]):5.3f}")
                tuned = "yes" if record["tuned"] else "no"
            rows = []
            for model in (updated, anew):
                known, count, missed = own_kinds(model, all_abnormal, truth)
                figures = json.loads(run("eval", "-m", model, "--truth", arguments.truth, "--json", all_abnormal)[0])
                kinds = json.loads(run("kinds", "-m", model, "--json")[0])["kinds"]
                rows.append((known, missed, sum(not kind["normal"] for kind in kinds), figures["kinds"]["ari"]))
            (known, missed, size, ari), (known_anew, missed_anew, size_anew, ari_anew) = rows
            print(f"{chunk + 1:5}   {count:10}   {known:14}  {known_anew:4}   {missed:15}  {missed_anew:4}   {size:14}  {size_anew:4}   {ari:12.3f}  {ari_anew:5.3f}   "
                  f"{changes}   {loss(updated, kept[0]):20.3f}  {loss(anew, kept[0]):5.3f}   {tuned:>5}   {time:9.1f}  {fresh_time:5.1f}", flush=True)
        first, every = read(parts[0]), read(line for lines in parts for line in lines)
        print(f"loss over the learned sessions of the first chunk by the shares with which events follow the same ten: "
              f"{context_entropy(first, first):.4f} nats by its own, {context_entropy(first, every):.4f} by those of all chunks")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""A log in ten chunks by line order: a model that is updated by each beside one that is trained anew on all so far.

    python3 chunks.py NORMAL.seq ABNORMAL.seq TRUTH.csv [--chunks 10]

Each chunk holds a tenth of both files. For each step it prints, over all anomalous sessions so far, how many
true kinds have a kind of their own, how many sessions are called normal, and agreement with the truth; the rise of the loss over
what is remembered, and the processor time; then the loss on old sessions that no model has learned from, before and after all
updates and of the last model trained anew. The command is that of BIRCHLOG, or the one on the path.
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


def loss(model, old, folder):
    """The mean loss of a model on sessions: what an update that learned them would find before it began."""
    probe = folder / "probe"
    run("update", "-m", model, "--normal", old, "-o", probe, "--quiet")
    return json.loads(run("inspect", "-m", probe, "--json")[0])["updates"][-1]["new_loss"]["before"]


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

        def part(lines, first, last, label):
            path = folder / label
            path.write_text("".join(lines[first * len(lines) // arguments.chunks : last * len(lines) // arguments.chunks]))
            return path

        # A fifth of the first chunk's normal sessions is kept from all training.
        first = normal[: len(normal) // arguments.chunks]
        held = folder / "held.seq"
        held.write_text("".join(first[::5]))
        kept = set(first[::5])
        normal = [line for line in normal if line not in kept]
        updated, old_loss = folder / "updated", None
        print("chunk   true kinds   known: updated  anew   missed: updated  anew   kinds: updated  anew   ARI: updated   anew   "
              "old loss   processor s: update   anew")
        for chunk in range(arguments.chunks):
            new_normal = part(normal, chunk, chunk + 1, "new_normal.seq")
            new_abnormal = part(abnormal, chunk, chunk + 1, "new_abnormal.seq")
            all_normal = part(normal, 0, chunk + 1, "normal.seq")
            all_abnormal = part(abnormal, 0, chunk + 1, "abnormal.seq")
            anew = folder / "anew"
            _, fresh_time = run("train", "--normal", all_normal, all_abnormal, "-o", anew, "--quiet")
            if chunk == 0:
                _, time = run("train", "--normal", new_normal, new_abnormal, "-o", updated, "--quiet")
                old_loss = loss(updated, held, folder)
                change = old_loss
            else:
                _, time = run("update", "-m", updated, "--normal", new_normal, new_abnormal, "-o", updated, "--quiet")
                record = json.loads(run("inspect", "-m", updated, "--json")[0])["updates"][-1]["old_loss"]
                change = record["after"] / record["before"] - 1
            rows = []
            for model in (updated, anew):
                known, count, missed = own_kinds(model, all_abnormal, truth)
                figures = json.loads(run("eval", "-m", model, "--truth", arguments.truth, "--json", all_abnormal)[0])
                kinds = json.loads(run("kinds", "-m", model, "--json")[0])["kinds"]
                rows.append((known, missed, sum(not kind["normal"] for kind in kinds), figures["kinds"]["ari"]))
            (known, missed, size, ari), (known_anew, missed_anew, size_anew, ari_anew) = rows
            text = f"{100 * change:+7.2f} %" if chunk else f"{change:9.4f}"
            print(f"{chunk + 1:5}   {count:10}   {known:14}  {known_anew:4}   {missed:15}  {missed_anew:4}   {size:14}  {size_anew:4}   {ari:12.3f}  {ari_anew:5.3f}   "
                  f"{text}   {time:19.1f}  {fresh_time:5.1f}", flush=True)
        print(f"loss on held-out sessions of the first chunk: {old_loss:.4f} nats before all updates, {loss(updated, held, folder):.4f} after, "
              f"{loss(anew, held, folder):.4f} of a model trained anew on all chunks")


if __name__ == "__main__":
    main()

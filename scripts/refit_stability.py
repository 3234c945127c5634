#!/usr/bin/env python3
"""How many sessions keep their kind's id, and kinds their name and mark, when a model is refitted again and again.

    python3 scripts/refit_stability.py --model hdfs.birchlog --refits 20 INPUT...

Every refit takes all lines of the inputs in a new order (`.seq` files) or the inputs themselves in a new order (others), from the model
given (`--chain`: from the model before); `--share` takes a part of the lines. First the largest anomalous kind is named, the next one marked, and the two after it are merged. What is printed:
for each refit the share of the inputs' sessions whose kind's id is that of the model given, over all and over the anomalous ones, and whether name,
mark and merge are as they were. `unknown` counts as an id.
"""

import argparse
import json
import pathlib
import random
import statistics
import subprocess
import tempfile
import time


def run(*arguments):
    result = subprocess.run([str(argument) for argument in arguments], capture_output=True, check=False)
    if result.returncode:
        raise SystemExit(result.stderr.decode(errors="replace"))
    return result.stdout.decode("utf-8")


class Comparison:
    def __init__(self, command, inputs, folder, share):
        self.command, self.inputs, self.folder, self.share = command, inputs, folder, share

    def kinds(self, model):
        return json.loads(run(self.command, "kinds", "list", "-m", model, "--json"))["kinds"]

    def verdicts(self, model):
        lines = run(self.command, "classify", "-m", model, "--json", *self.inputs).splitlines()
        findings = [json.loads(line) for line in lines]
        return {(own["session"], own.get("window")): (own["kind"], own["score"] > own["threshold"]) for own in findings}

    def decide(self, model):
        """Names, marks and merges kinds by size; what was done."""
        kinds = sorted((own for own in self.kinds(model) if not own["normal"]), key=lambda own: -own["size"])
        ids = [own["id"] for own in kinds[:4]]
        if len(ids) < 4:
            raise SystemExit("the model has fewer than four anomalous kinds")
        run(self.command, "kinds", "name", "-m", model, ids[0], "the largest")
        run(self.command, "kinds", "mark-normal", "-m", model, ids[1])
        run(self.command, "kinds", "merge", "-m", model, ids[2], ids[3])
        return ids

    def kept(self, model, ids):
        kinds = {own["id"]: own for own in self.kinds(model)}
        return (kinds.get(ids[0], {}).get("name") == "the largest" and kinds.get(ids[1], {}).get("marked") is True
                and ids[2] in kinds and ids[3] not in kinds)

    def shuffled(self, seed):
        """The inputs in another order; the lines of `.seq` files all together."""
        generator = random.Random(seed)
        sequences = [path for path in self.inputs if path.name.endswith(".seq")]
        others = [path for path in self.inputs if path not in sequences]
        generator.shuffle(others)
        if not sequences:
            return others
        lines = [line for path in sequences for line in path.read_bytes().splitlines(keepends=True)]
        generator.shuffle(lines)
        lines = lines[: round(self.share * len(lines))]
        path = self.folder / "shuffled.seq"
        path.write_bytes(b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines))
        return others + [path]


def share(before, after, keys):
    keys = list(keys)
    return sum(before[key][0] == after[key][0] for key in keys) / max(len(keys), 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default="birchlog")
    parser.add_argument("--model", required=True, type=pathlib.Path)
    parser.add_argument("--refits", type=int, default=20)
    parser.add_argument("--chain", action="store_true")
    parser.add_argument("--share", type=float, default=1.0, help="part of the lines of .seq files that a refit takes, at random")
    parser.add_argument("inputs", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        comparison = Comparison(arguments.command, arguments.inputs, folder, arguments.share)
        base = folder / "base.birchlog"
        base.write_bytes(arguments.model.read_bytes())
        ids = comparison.decide(base)
        before = comparison.verdicts(base)
        anomalous = [key for key, (_, is_anomalous) in before.items() if is_anomalous]
        print(f"{len(before)} units, {len(anomalous)} over the threshold, {len(comparison.kinds(base))} kinds")
        shares, faulty, decisions = [], [], 0
        source = base
        for number in range(arguments.refits):
            target = folder / f"refit-{number}.birchlog"
            start = time.monotonic()
            run(arguments.command, "refit", "--quiet", "-m", source, *comparison.shuffled(number), "-o", target)
            seconds = time.monotonic() - start
            after = comparison.verdicts(target)
            shares.append(share(before, after, before))
            faulty.append(share(before, after, anomalous))
            kept = comparison.kept(target, ids)
            decisions += kept
            print(f"refit {number + 1}: {shares[-1]:.4f} of all, {faulty[-1]:.4f} of those over the threshold keep their id; "
                  f"{len(comparison.kinds(target))} kinds; decisions {'kept' if kept else 'LOST'}; {seconds:.0f} s", flush=True)
            if arguments.chain:
                source = target
        for words, values in (("all units", shares), ("units over the threshold", faulty)):
            print(f"{words}: least {min(values):.4f}, median {statistics.median(values):.4f}, most {max(values):.4f}")
        print(f"name, mark and merge kept in {decisions} of {arguments.refits}")


if __name__ == "__main__":
    main()

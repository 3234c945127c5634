#!/usr/bin/env python3
"""Finds the kinds of trained models anew with other weights of the signature's blocks, and says which weights no label would choose.

    python3 scripts/compare_weights.py --out weights \\
        --log hdfs hdfs.birchlog splits/truth.csv splits/train_normal.seq splits/abnormal.seq \\
        --log jobs jobs.birchlog systems/jobs/truth.csv systems/jobs/train_normal.seq systems/jobs/mixed.seq

For every log and weights the quality: the mean of ARI, NMI and both macro-F1s against the true kinds. Then the best of it, and the quality of
the weights that each of three measures would choose, which need no label:

    silhouette   the mean silhouette (Rousseeuw 1987) of a log's anomalous sessions, by their signatures with these weights and their kinds
    stability    the ARI between the kinds that two models give all sessions, each of which learned from one half of them (and from the clean
                 log, with seed 1 and the network's size of the log's model)
    agreement    the mean ARI between the kinds with these weights and those with each of the others

Of equals the first is chosen, the default before all. Needs numpy. Models stay in `--out` and are taken from there by a later run.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import pathlib
import statistics
import subprocess
from typing import Callable, Dict, List

import numpy

WEIGHTS = ["1,1,0.25", "1,1,0", "1,0,0.25", "0,1,0.25", "1,0,0", "0,1,0", "1,1,1", "1,0.5,0.25", "0.5,1,0.25"]
FIGURES = ["ari", "nmi", "macro_f1_majority", "macro_f1_one_to_one"]


def adjusted_rand_index(left: List[str], right: List[str]) -> float:
    """Hubert and Arabie 1985; 1 where there is no pair."""
    if len(left) < 2:
        return 1.0

    def pairs(counts) -> int:
        return sum(math.comb(count, 2) for count in counts)

    both = pairs(collections.Counter(zip(left, right)).values())
    one, other = pairs(collections.Counter(left).values()), pairs(collections.Counter(right).values())
    expected = one * other / math.comb(len(left), 2)
    largest = (one + other) / 2
    return 1.0 if largest == expected else (both - expected) / (largest - expected)


def mean_silhouette(points: numpy.ndarray, labels: numpy.ndarray) -> float:
    """Of the points that have a kind (a label above 0); a point that is alone in its kind counts 0."""
    points, labels = points[labels > 0], labels[labels > 0]
    kinds, members = numpy.unique(labels, return_inverse=True)
    if len(kinds) < 2:
        return 0.0
    belongs = numpy.eye(len(kinds))[members]
    sizes = belongs.sum(axis=0)
    squares = (points**2).sum(axis=1)
    total = 0.0
    for start in range(0, len(points), 1024):
        block = slice(start, start + 1024)
        own = members[block]
        rows = numpy.arange(len(own))
        distances = numpy.sqrt(numpy.maximum(squares[block, None] + squares[None] - 2 * points[block] @ points.T, 0))
        sums = distances @ belongs
        within = sums[rows, own] / numpy.maximum(sizes[own] - 1, 1)
        means = sums / sizes
        means[rows, own] = numpy.inf
        nearest = means.min(axis=1)
        larger = numpy.maximum(numpy.maximum(within, nearest), 1e-12)
        total += numpy.where(sizes[own] > 1, (nearest - within) / larger, 0).sum()
    return float(total / len(points))


class Log:
    def __init__(self, command: str, out: pathlib.Path, parts: List[str]):
        self.name, self.model, self.truth, self.clean, *self.files = parts
        self.command, self.out = command, out

    def _output(self, *arguments: str) -> str:
        return subprocess.run([self.command, *arguments], check=True, capture_output=True, text=True).stdout

    def refit(self, weights: str, base: str = "") -> str:
        """The log's model, or one of its halves', with its kinds found anew."""
        model = self.out / f"{self.name}.{base and 'half' + base + '.'}{weights}.birchlog"
        if not model.exists():
            source = self.half(base) if base else self.model
            self._output("refit", "-m", source, "--threads", "1", "--option", f"signature_weights=[{weights}]", "-o", str(model))
        return str(model)

    def half(self, which: str) -> str:
        """A model of the clean log and every second session of the others."""
        model, sessions = (self.out / f"{self.name}.half{which}.{kind}" for kind in ("birchlog", "seq"))
        if not model.exists():
            lines = [line for file in self.files for line in pathlib.Path(file).read_text(encoding="utf8").splitlines(keepends=True)]
            sessions.write_text("".join(lines[int(which) :: 2]), encoding="utf8")
            size = json.loads(self._output("inspect", "-m", self.model, "--json"))["options"]["hidden_size"]
            options = ["--option", f"hidden_size={size}", "--seed", "1", "--threads", "1"]
            self._output("train", "--normal", self.clean, str(sessions), *options, "-o", str(model))
        return str(model)

    def quality(self, model: str) -> float:
        kinds = json.loads(self._output("eval", "-m", model, "--truth", self.truth, "--json", *self.files))["kinds"]
        return statistics.mean(kinds[figure] for figure in FIGURES)

    def kinds(self, model: str) -> List[str]:
        findings = [json.loads(line) for line in self._output("classify", "-m", model, "--json", *self.files).splitlines()]
        return [finding["kind"] for finding in findings]

    def silhouette(self, model: str) -> float:
        features, labels = self.out / "features.npy", self.out / "labels.npy"
        self._output("inspect", "-m", model, "--features", str(features), "--labels", str(labels), *self.files)
        return mean_silhouette(numpy.load(features).astype(numpy.float64), numpy.load(labels))

    def stability(self, weights: str) -> float:
        return adjusted_rand_index(*(self.kinds(self.refit(weights, half)) for half in "01"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--birchlog", default="birchlog", help="the command")
    parser.add_argument("--log", action="append", nargs="+", required=True, metavar="PART", help="a name, a model, a file of true kinds, the clean log, files of sessions")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    rows: List[List[float]] = []
    ways = ["best", "silhouette", "stability", "agreement"]
    print("| log | " + " | ".join(WEIGHTS + ways) + " |\n| --- |" + " ---: |" * len(WEIGHTS + ways))
    for parts in arguments.log:
        log = Log(arguments.birchlog, arguments.out, parts)
        models = {weights: log.refit(weights) for weights in WEIGHTS}
        kinds = {weights: log.kinds(model) for weights, model in models.items()}
        quality = {weights: log.quality(model) for weights, model in models.items()}
        measures: List[Callable[[str], float]] = [
            quality.__getitem__,
            lambda weights: log.silhouette(models[weights]),
            log.stability,
            lambda weights: statistics.mean(adjusted_rand_index(kinds[weights], kinds[other]) for other in WEIGHTS if other != weights),
        ]
        chosen = [max(WEIGHTS, key=measure) for measure in measures]
        rows.append([quality[weights] for weights in WEIGHTS + chosen])
        cells = [f"{quality[weights]:.3f}" for weights in WEIGHTS] + [f"{quality[weights]:.3f} ({weights})" for weights in chosen]
        print(f"| {log.name} | " + " | ".join(cells) + " |", flush=True)
    print("| mean | " + " | ".join(f"{statistics.mean(column):.3f}" for column in zip(*rows)) + " |")


if __name__ == "__main__":
    main()

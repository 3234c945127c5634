#!/usr/bin/env python3
"""Finds the kinds of trained models anew with other weights of the signature's blocks, and says which weights no label would choose.

    python3 scripts/compare_weights.py --out weights \\
        --log hdfs hdfs.birchlog splits/truth.csv splits/abnormal.seq \\
        --log jobs jobs.birchlog systems/jobs/truth.csv systems/jobs/mixed.seq

For every log and weights: the mean of ARI, NMI and both macro-F1s against the true kinds, and the agreement, which needs no label:
the mean ARI between the kinds of a log's sessions with these weights and those with each of the others. Refits stay in `--out`.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import pathlib
import statistics
import subprocess
from typing import Dict, List

WEIGHTS = ["1,1,0.25", "1,1,0", "1,0,0.25", "0,1,0.25", "1,0,0", "0,1,0", "1,1,1", "1,0.5,0.25", "0.5,1,0.25"]
FIGURES = ["ari", "nmi", "macro_f1_majority", "macro_f1_one_to_one"]


def adjusted_rand_index(left: List[str], right: List[str]) -> float:
    """Hubert and Arabie 1985."""
    def pairs(counts) -> int:
        return sum(math.comb(count, 2) for count in counts)

    both = pairs(collections.Counter(zip(left, right)).values())
    one, other = pairs(collections.Counter(left).values()), pairs(collections.Counter(right).values())
    expected = one * other / math.comb(len(left), 2)
    largest = (one + other) / 2
    return 1.0 if largest == expected else (both - expected) / (largest - expected)


class Log:
    def __init__(self, command: str, out: pathlib.Path, parts: List[str]):
        self.name, self.model, self.truth, *self.files = parts
        self.command, self.out = command, out

    def _output(self, *arguments: str) -> str:
        return subprocess.run([self.command, *arguments], check=True, capture_output=True, text=True).stdout

    def refit(self, weights: str) -> str:
        model = self.out / f"{self.name}.{weights}.birchlog"
        if not model.exists():
            self._output("refit", "-m", self.model, "--option", f"signature_weights=[{weights}]", "-o", str(model))
        return str(model)

    def quality(self, model: str) -> float:
        kinds = json.loads(self._output("eval", "-m", model, "--truth", self.truth, "--json", *self.files))["kinds"]
        return statistics.mean(kinds[figure] for figure in FIGURES)

    def kinds(self, model: str) -> List[str]:
        findings = [json.loads(line) for line in self._output("classify", "-m", model, "--json", *self.files).splitlines()]
        return [finding["kind"] for finding in findings]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--birchlog", default="birchlog", help="the command")
    parser.add_argument("--log", action="append", nargs="+", required=True, metavar="PART", help="a name, a model, a file of true kinds, files to score")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    quality: Dict[str, List[float]] = collections.defaultdict(list)
    chosen: List[float] = []
    print("| log | " + " | ".join(WEIGHTS) + " | most agreed on |\n| --- |" + " ---: |" * len(WEIGHTS) + " --- |")
    for parts in arguments.log:
        log = Log(arguments.birchlog, arguments.out, parts)
        models = {weights: log.refit(weights) for weights in WEIGHTS}
        kinds = {weights: log.kinds(model) for weights, model in models.items()}
        agreement = {
            weights: statistics.mean(adjusted_rand_index(kinds[weights], kinds[other]) for other in WEIGHTS if other != weights)
            for weights in WEIGHTS
        }
        best = max(WEIGHTS, key=lambda weights: agreement[weights])
        for weights, model in models.items():
            quality[weights].append(log.quality(model))
        chosen.append(quality[best][-1])
        print(f"| {log.name} | " + " | ".join(f"{quality[weights][-1]:.3f}" for weights in WEIGHTS) + f" | {best} |", flush=True)
    print("| mean | " + " | ".join(f"{statistics.mean(quality[weights]):.3f}" for weights in WEIGHTS) + f" | {statistics.mean(chosen):.3f} |")


if __name__ == "__main__":
    main()
